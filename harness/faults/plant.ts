// Plants the fault of this run, if there is one, into what a test was given, and marks the test as reached by it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject, type TestContext } from 'vitest'
import type { Session } from '../databases/session.ts'
import { once } from '../once.ts'
import { Trouble } from '../trouble.ts'
import type { Edit, Fault } from './fault.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The fault to plant; null in every run but those of `npm run prove`. */
    fault: Fault | null
  }
  interface TaskMeta {
    /** The fault that reached this test. */
    planted?: string
    /** The fault that reached this test and changed nothing. */
    ineffective?: string
  }
}

type Task = TestContext['task']
type Query = (text: string) => Promise<unknown[]>

const catalog = once(() => readFile(join(import.meta.dirname, 'catalog.sql'), 'utf8'))

/** Runs the planned statements in the test's own database. Throws what the database says when they are wrong. */
export async function plantInDatabase(task: Task, query: Query): Promise<void> {
  const fault = inject('fault')
  if (fault?.plant.kind !== 'sql') return
  const before = await readCatalog(query)
  await query(fault.plant.statements)
  mark(task, fault, (await readCatalog(query)) !== before)
}

/** Takes back what the plant changed beyond the database, on a session of its own: the test may have lost the others. */
export async function takeBack(open: () => Promise<Session>): Promise<void> {
  const fault = inject('fault')
  if (fault?.plant.kind !== 'sql' || fault.plant.undo === undefined) return
  await using session = await open()
  await session.query(fault.plant.undo)
}

/** Edits the planned files in the test's copy of the project. */
export async function plantInTree(task: Task, root: string): Promise<void> {
  const fault = inject('fault')
  if (fault?.plant.kind !== 'edit') return
  for (const change of fault.plant.edits) await editOnce(fault, root, change)
  const changed = fault.plant.edits.some(({ find, replace }) => find !== replace)
  mark(task, fault, changed)
}

/** Counted rows are only told to others now and then, so they are asked for. */
async function readCatalog(query: Query): Promise<string> {
  await query('select pg_stat_force_next_flush()')
  return JSON.stringify(await query(await catalog()))
}

async function editOnce(fault: Fault, root: string, { file, find, replace }: Edit): Promise<void> {
  const path = join(root, file)
  const parts = (await readFile(path, 'utf8')).split(find)
  if (parts.length !== 2) throw notOnce(fault, file, parts.length - 1)
  await writeFile(path, parts.join(replace))
}

function mark(task: Task, { id }: Fault, changed: boolean): void {
  if (changed) task.meta.planted = id
  else task.meta.ineffective = id
}

function notOnce({ id }: Fault, file: string, times: number): Trouble {
  return new Trouble({
    what: `The text to replace stands ${times} times in ${file}.`,
    where: `fault ${id}`,
    next: 'choose a text that stands in it exactly once.',
  })
}
