// Injects a fault into what a test was given, if one is chosen for the test's criterion, and marks the test as reached.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject, type TestContext } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { once } from '../../config/once.ts'
import { numberOf } from './acceptance-list.ts'
import type { Edit, Fault } from './fault.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Faults to inject, at most one for each criterion; none except in `npm run prove`. */
    faults: Fault[]
  }
  interface TaskMeta {
    /** Id of the fault that was injected into what this test was given. */
    injected?: string
    /** Id of the fault whose injection changed nothing. */
    ineffective?: string
  }
}

type Task = TestContext['task']
type Query = (text: string) => Promise<unknown[]>

/** What the statements may change: the cluster only where it belongs to the test alone. */
export type Reach = 'database' | 'cluster'

const databaseState = once(() => readFile(join(import.meta.dirname, 'database-state.sql'), 'utf8'))
const clusterState = once(() => readFile(join(import.meta.dirname, 'cluster-state.sql'), 'utf8'))

/** The fault that is to be injected for this test. */
export function faultFor(task: Task): Fault | undefined {
  const number = numberOf(task.name)
  // Undefined where no stack is served, as in the reporter's own tests.
  const faults: Fault[] | undefined = inject('faults')
  return faults?.find(({ criterion }) => criterion === number)
}

/** By fault, reach and template: whether the injection changed something. Clones of a template are alike, so the first one tells. */
const changed = new Map<string, boolean>()

/**
 * Runs the fault's statements in the test's own database, a clone of that template. Throws the database's error when they are wrong.
 * Two hashes of the whole catalog take longer than everything else that a short test does, so they are made once for each worker.
 */
export async function injectIntoDatabase(
  task: Task,
  query: Query,
  template: string,
  reach: Reach = 'database',
): Promise<void> {
  const fault = faultFor(task)
  if (fault?.injection.kind !== 'sql') return
  const { statements, undo } = fault.injection
  const isIsolated = reach === 'database' && undo === undefined
  const key = `${fault.id} ${reach} ${template}`
  const known = changed.get(key)
  if (known === undefined) changed.set(key, await changesAnything(fault.id, statements, query, isIsolated))
  else if (isIsolated) await inTransaction(query, () => runUnnoticed(statements, query))
  else await runUnnoticed(statements, query)
  mark(task, fault, changed.get(key) === true)
}

async function changesAnything(
  id: string,
  statements: string,
  query: Query,
  isIsolated: boolean,
): Promise<boolean> {
  const before = await hashOf(databaseState, query)
  const changedCluster = isIsolated
    ? await injectIntoDatabaseOnly(id, statements, query)
    : await changesCluster(statements, query)
  return changedCluster || (await hashOf(databaseState, query)) !== before
}

async function changesCluster(statements: string, query: Query): Promise<boolean> {
  const before = await hashOf(clusterState, query)
  await runUnnoticed(statements, query)
  return (await hashOf(clusterState, query)) !== before
}

/**
 * Without event triggers: a fault stands for what somebody wrote, not for an act that is recorded or refused. A statement that
 * changes nothing would otherwise count as a change, because its record is one.
 */
async function runUnnoticed(statements: string, query: Query): Promise<void> {
  await query('set event_triggers = off')
  await query(statements)
  await query('reset event_triggers')
}

/**
 * In a transaction, so that statements which change the cluster leave nothing behind for other tests. It sees its own changes
 * and nobody else's, because other tests may change roles at the same time.
 */
async function injectIntoDatabaseOnly(id: string, statements: string, query: Query): Promise<false> {
  await inTransaction(query, async () => {
    if (await changesCluster(statements, query)) throw reachesTooFar(id)
  })
  return false
}

async function inTransaction(query: Query, act: () => Promise<void>): Promise<void> {
  await query('begin isolation level repeatable read')
  try {
    await act()
    await query('commit')
  } catch (error) {
    await query('rollback')
    throw error
  }
}

/** Undoes what the injection changed beyond the database, on a session of its own: the test may have lost the others. */
export async function undoInjection(
  task: Task,
  open: () => Promise<{ query: Query } & AsyncDisposable>,
): Promise<void> {
  const injection = faultFor(task)?.injection
  if (injection?.kind !== 'sql' || injection.undo === undefined) return
  await using session = await open()
  await session.query(injection.undo)
}

/** By copy of the project and fault: whether the injection changed something. */
const injected = new Map<string, Promise<boolean>>()

/** Edits the fault's files in the test's copy of the project; once, even if several tests share the copy. */
export async function injectIntoFiles(task: Task, root: string): Promise<void> {
  const fault = faultFor(task)
  if (fault?.injection.kind !== 'edit') return
  const key = `${root} ${fault.id}`
  const change = injected.get(key) ?? editAll(fault, root, fault.injection.edits)
  injected.set(key, change)
  mark(task, fault, await change)
}

async function editAll(fault: Fault, root: string, edits: Edit[]): Promise<boolean> {
  for (const change of edits) await editOnce(fault, root, change)
  return edits.some(({ find, replace }) => find !== replace)
}

/** Flushes first, because Postgres publishes its row counts only from time to time. */
async function hashOf(text: () => Promise<string>, query: Query): Promise<string> {
  await query('select pg_stat_force_next_flush()')
  const [row] = await query(await text())
  return (row as { hash: string }).hash
}

async function editOnce(fault: Fault, root: string, { file, find, replace }: Edit): Promise<void> {
  const path = join(root, file)
  const parts = (await readFile(path, 'utf8')).split(find)
  if (parts.length !== 2) throw notExactlyOnce(fault, file, parts.length - 1)
  await writeFile(path, parts.join(replace))
}

function mark(task: Task, { id }: Fault, changed: boolean): void {
  if (changed) task.meta.injected = id
  else task.meta.ineffective = id
}

function notExactlyOnce({ id }: Fault, file: string, times: number): CliError {
  return new CliError({
    what: `The text to replace occurs ${times} times in ${file}.`,
    where: `fault ${id}`,
    next: 'quote a text that occurs in it exactly once.',
  })
}

function reachesTooFar(id: string): CliError {
  return new CliError({
    what: 'The statements change roles or the configuration, which other tests share.',
    where: `fault ${id}`,
    next: 'inject it with clusterSql(statements, undo), or give its spec a cluster.',
  })
}
