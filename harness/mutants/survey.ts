// What there is to change, read from a database of each template: its objects, and which criteria stand on which of them.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { StackDefinition } from '../broker/stack-definition.ts'
import { openStandaloneBroker } from '../broker/standalone.ts'
import { openSession } from '../postgres/session.ts'
import type { Fault } from '../proof/fault.ts'
import { type Touched, touchedBy } from './criteria.ts'
import { type CatalogObject, type Mutant, objectId } from './mutant.ts'
import { generate } from './operators.ts'

const CATALOG = readFileSync(join(import.meta.dirname, 'catalog.sql'), 'utf8')

export interface Survey {
  mutants: Mutant[]
  /** Ids of the mutants that Postgres refuses. */
  refused: Set<string>
  touched: Touched[]
}

/** Starts a Postgres of its own, with what that file defines, and removes it. An object that differs between templates is taken from the last. */
export async function survey(faults: Fault[], stackFile: string): Promise<Survey> {
  const { stackDefinition } = (await import(resolve(stackFile))) as {
    stackDefinition: StackDefinition
  }
  await using broker = await openStandaloneBroker(stackDefinition, 1)
  const client = broker.connect()
  const objects = new Map<string, CatalogObject>()
  const touched: Touched[] = []
  let refused = new Set<string>()
  let mutants: Mutant[] = []
  for (const kind of Object.keys(stackDefinition.templates)) {
    const lease = await client.request('lease database', { kind })
    await using session = await openSession({ ...lease, database: lease.name })
    const query = (text: string) => session.query(text)
    for (const object of (await query(CATALOG)) as unknown as CatalogObject[])
      objects.set(objectId(object), object)
    touched.push(...(await touchedBy(faults, query, CATALOG)))
    mutants = generate([...objects.values()])
    refused = await refusedBy(mutants, query)
  }
  return { mutants, refused, touched }
}

/** A mutant that does not apply is no defect: nobody can have written it. */
async function refusedBy(mutants: Mutant[], query: (text: string) => Promise<unknown>) {
  const refused = new Set<string>()
  for (const { id, injection } of mutants) {
    if (injection.kind !== 'sql') continue
    await query('begin')
    try {
      await query(`set local event_triggers = off; ${injection.statements}; set constraints all immediate`)
    } catch {
      refused.add(id)
    }
    await query('rollback')
  }
  return refused
}
