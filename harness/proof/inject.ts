// Plants a fault into what a test was given, if one is planned for the test's criterion, and marks the test as reached.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject, type TestContext } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { once } from '../../config/once.ts'
import type { Session } from '../postgres/session.ts'
import { numberOf } from './acceptance-list.ts'
import type { Edit, Fault } from './fault.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What to plant, at most one for each criterion; none in every run but those of `npm run prove`. */
    faults: Fault[]
  }
  interface TaskMeta {
    /** The fault that reached this test. */
    injected?: string
    /** The fault that reached this test and changed nothing. */
    ineffective?: string
  }
}

type Task = TestContext['task']
type Query = (text: string) => Promise<unknown[]>

/** How far a plant may reach: only into a cluster of the test's own may it reach beyond the database. */
export type Reach = 'database' | 'cluster'

const databaseState = once(() => readFile(join(import.meta.dirname, 'database-state.sql'), 'utf8'))
const clusterState = once(() => readFile(join(import.meta.dirname, 'cluster-state.sql'), 'utf8'))

/** The fault planned for this test. */
export function faultFor(task: Task): Fault | undefined {
  const number = numberOf(task.name)
  // Vitest injects nothing where no stack is served, as in the self-tests of the reporter.
  const planned: Fault[] | undefined = inject('faults')
  return planned?.find(({ criterion }) => criterion === number)
}

/** Runs the planned statements in the test's own database. Throws what the database says when they are wrong. */
export async function injectIntoDatabase(task: Task, query: Query, reach: Reach = 'database'): Promise<void> {
  const fault = faultFor(task)
  if (fault?.injection.kind !== 'sql') return
  const { statements, undo } = fault.injection
  const mayGoBeyond = reach === 'cluster' || undo !== undefined
  const before = await hashOf(databaseState, query)
  const wentBeyond = await (mayGoBeyond
    ? changesCluster(statements, query)
    : injectInTransaction(fault.id, statements, query))
  mark(task, fault, wentBeyond || (await hashOf(databaseState, query)) !== before)
}

async function changesCluster(statements: string, query: Query): Promise<boolean> {
  const before = await hashOf(clusterState, query)
  await query(statements)
  return (await hashOf(clusterState, query)) !== before
}

/**
 * In a transaction, so that nothing is left of statements that would change what every other test stands on. It sees its
 * own changes and nobody else's, because other tests may be at the roles meanwhile.
 */
async function injectInTransaction(id: string, statements: string, query: Query): Promise<false> {
  await query('begin isolation level repeatable read')
  try {
    if (await changesCluster(statements, query)) throw reachesTooFar(id)
    await query('commit')
    return false
  } catch (error) {
    await query('rollback')
    throw error
  }
}

/** Takes back what the plant changed beyond the database, on a session of its own: the test may have lost the others. */
export async function undoInjection(task: Task, open: () => Promise<Session>): Promise<void> {
  const injection = faultFor(task)?.injection
  if (injection?.kind !== 'sql' || injection.undo === undefined) return
  await using session = await open()
  await session.query(injection.undo)
}

/** What was planted in which copy of the project; true when it changed something. */
const injected = new Map<string, Promise<boolean>>()

/** Edits the planned files in the test's copy of the project, once, though several tests may share it. */
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

/** Counted rows are only told to others now and then, so they are asked for. */
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
    what: `The text to replace stands ${times} times in ${file}.`,
    where: `fault ${id}`,
    next: 'choose a text that stands in it exactly once.',
  })
}

function reachesTooFar(id: string): CliError {
  return new CliError({
    what: 'The statements change roles or the configuration, which every other test would meet.',
    where: `fault ${id}`,
    next: 'plant it with clusterSql(statements, undo), or give its spec a cluster.',
  })
}
