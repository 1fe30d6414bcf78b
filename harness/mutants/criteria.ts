// Maps each database object to the criteria that depend on it: those with a hand-written fault that changes the object. Found by injecting each of them once, in a
// transaction that is rolled back.
import type { Fault } from '../proof/fault.ts'
import { type CatalogObject, type Mutant, objectId } from './mutant.ts'

type Query = (text: string) => Promise<unknown[]>

/** What the faults of one criterion change, with the number of faults that change it. */
export interface Touched {
  criterion: string
  objects: Map<string, number>
  owners: Map<string, number>
  /** As `grant of table s.t`, and as `grant`. */
  kinds: Map<string, number>
}

/**
 * `readCatalog` is the text of catalog.sql. Faults that a database refuses alone or that reach beyond it are left out, and so are
 * criteria with more faults in files than in the database: their specs run scripts, which takes too long for each mutant.
 */
export async function touchedBy(faults: Fault[], query: Query, readCatalog: string): Promise<Touched[]> {
  const before = byId(await query(readCatalog))
  const all = new Map<string, Touched>()
  const files = new Set(criteriaOfFiles(faults))
  for (const { criterion, injection } of faults) {
    if (files.has(criterion) || injection.kind !== 'sql' || injection.undo !== undefined) continue
    const after = await catalogAfter(injection.statements, query, readCatalog)
    if (after === undefined) continue
    const own = all.get(criterion) ?? { criterion, objects: new Map(), owners: new Map(), kinds: new Map() }
    all.set(criterion, own)
    for (const object of changed(before, after)) count(own, object)
  }
  return [...all.values()]
}

function criteriaOfFiles(faults: Fault[]): string[] {
  return [...Map.groupBy(faults, ({ criterion }) => criterion)]
    .filter(([, own]) => own.filter(({ injection }) => injection.kind === 'edit').length * 2 > own.length)
    .map(([criterion]) => criterion)
}

async function catalogAfter(statements: string, query: Query, readCatalog: string) {
  await query('begin')
  try {
    await query(`set local event_triggers = off; ${statements}`)
    return byId(await query(readCatalog))
  } catch {
    return undefined
  } finally {
    await query('rollback')
  }
}

function byId(rows: unknown[]): Map<string, CatalogObject> {
  return new Map((rows as CatalogObject[]).map((object) => [objectId(object), object]))
}

function changed(before: Map<string, CatalogObject>, after: Map<string, CatalogObject>): CatalogObject[] {
  const ids = new Set([...before.keys(), ...after.keys()])
  return [...ids].flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)]
    return was?.definition === is?.definition ? [] : [(is ?? was) as CatalogObject]
  })
}

function count({ objects, owners, kinds }: Touched, object: CatalogObject): void {
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
  add(objects, objectId(object))
  add(owners, object.owner_object)
  add(kinds, object.kind)
  add(kinds, `${object.kind} of ${object.owner_object}`)
}

/** What a curated fault changes where a mutant is generated from something else: a privilege appears, so it has no object before. */
const KIND_CHANGED: Record<string, string> = { grantable: 'grant', role: 'default privilege' }

/** Criteria to test the mutant with, the closest first: the object itself, its kind on the same table, the table, its kind. */
export function candidatesFor(mutant: Mutant, touched: Touched[]): string[] {
  const [kind = ''] = mutant.operator.split(':')
  const changes = KIND_CHANGED[kind] ?? kind
  const ranked = (countOf: (each: Touched) => number | undefined) =>
    touched
      .map((each) => ({ criterion: each.criterion, faults: countOf(each) ?? 0 }))
      .filter(({ faults }) => faults > 0)
      .sort((a, b) => b.faults - a.faults)
      .map(({ criterion }) => criterion)
  return [
    ...new Set([
      ...ranked(({ objects }) => objects.get(mutant.object)),
      ...ranked(({ kinds }) => kinds.get(`${changes} of ${mutant.ownerObject}`)),
      ...ranked(({ owners }) => owners.get(mutant.ownerObject)),
      ...ranked(({ kinds }) => kinds.get(changes)),
    ]),
  ]
}
