// Whether the registry can be read, found out by reading it: a database that answers and has no registry is of no use here.
import type { Database, QueryError } from './database.ts'

export type DatabaseState = { status: 'up'; latencyMs: number } | { status: 'down'; error: QueryError }

/** One check at a time: concurrent callers share its result. A check ends within two seconds and never throws. */
export function openHealthCheck(database: Database): () => Promise<DatabaseState> {
  let inProgress: Promise<DatabaseState> | undefined
  return () => {
    inProgress ??= checkDatabase(database).finally(() => {
      inProgress = undefined
    })
    return inProgress
  }
}

async function checkDatabase(database: Database): Promise<DatabaseState> {
  const start = performance.now()
  try {
    await database.query('select from ml.model limit 1')
    return { status: 'up', latencyMs: Math.round((performance.now() - start) * 10) / 10 }
  } catch (error) {
    return { status: 'down', error: error as QueryError }
  }
}
