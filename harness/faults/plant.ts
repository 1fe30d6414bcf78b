// Plants the fault of this run, if there is one, into what a test was given, and marks the test as reached by it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject, type TestContext } from 'vitest'
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

const CATALOG = await readFile(join(import.meta.dirname, 'catalog.sql'), 'utf8')

/** Runs the planned statements and returns how to take back what reaches beyond the database. */
export async function plantInDatabase(task: Task, query: Query): Promise<() => Promise<void>> {
  const fault = inject('fault')
  if (fault?.plant.kind !== 'sql') return async () => {}
  const { statements, undo } = fault.plant
  const before = JSON.stringify(await query(CATALOG))
  await query(statements)
  const changed = JSON.stringify(await query(CATALOG)) !== before
  mark(task, fault, changed)
  return async () => {
    if (undo !== undefined) await query(undo)
  }
}

/** Edits the planned file in the test's copy of the project. */
export async function plantInTree(task: Task, root: string): Promise<void> {
  const fault = inject('fault')
  if (fault?.plant.kind !== 'edit') return
  for (const change of fault.plant.edits) await editOnce(fault, root, change)
  mark(
    task,
    fault,
    fault.plant.edits.some(({ find, replace }) => find !== replace),
  )
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
