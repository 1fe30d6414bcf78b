// Whether the registry can be asked, found out by asking it.
import { type Database, DatabaseTrouble } from './database.ts'

export type Finding = { latencyMs: number } | DatabaseTrouble

/**
 * Asks at most one question at a time: who comes while one is under way gets its answer. It reads the table itself,
 * because a database that answers and has no registry is of no use here. Ends within two seconds and never throws.
 */
export function openProbe(database: Database): () => Promise<Finding> {
  let underWay: Promise<Finding> | undefined
  return () => {
    underWay ??= ask(database).finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

const QUESTION = { name: 'health', text: 'select from ml.model limit 1' }

async function ask(database: Database): Promise<Finding> {
  const began = performance.now()
  try {
    await database.query(QUESTION)
    return { latencyMs: Math.round((performance.now() - began) * 10) / 10 }
  } catch (error) {
    return error instanceof DatabaseTrouble ? error : new DatabaseTrouble(error)
  }
}
