// The documents whose blocks are typed on the dev stack of a copy of the project, and that stack.
import type { Project } from '../../harness/index.ts'
import { type FenceRun, runFences, typeFences, whereOf } from './fences.ts'
import { writeSettings } from './typed.ts'

export const OPERATIONS_FILE = 'docs/runbooks/operations.md'
export const DRILLS_FILE = 'docs/recovery-drills.md'
export const GATE_FILE = 'docs/quality-gate.md'
export const README = 'README.md'

const prepared = new Map<string, Promise<FenceRun[]>>()

/** Sets up the stack of the copy and backs it up, once per copy, as the drills say. */
export function prepare(project: Project): Promise<FenceRun[]> {
  const done = prepared.get(project.root) ?? prepareAnew(project)
  prepared.set(project.root, done)
  return done
}

async function prepareAnew(project: Project): Promise<FenceRun[]> {
  await writeSettings(project)
  return typeFences(project, DRILLS_FILE, 'Before')
}

/** The next block is typed on a stack that is set up anew. */
export function forgetStack(project: Project): void {
  prepared.delete(project.root)
}

/** Types the blocks of the README that say that they are run. */
export async function typeReadme(project: Project): Promise<FenceRun[]> {
  return [...(await prepare(project)), ...(await typeFences(project, README))]
}

/** Blocks of a section that these runs do not have. */
export function missedBlocks(project: Project, file: string, section: string, runs: FenceRun[]): string[] {
  const typed = whereOf(runs)
  return whereOf(runFences(project, file, section)).filter((where) => !typed.includes(where))
}
