// The section of the operations runbook that moves a stack to another machine: its first block on one, its second on the other.
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import { cloneWith } from './checkouts.ts'
import { type Fence, type FenceRun, problemsOf, runFences, typeFence } from './fences.ts'
import { filesOf } from './operations.ts'
import { OPERATIONS_FILE, prepare } from './runbooks.ts'
import { changeContent, contentOf } from './stack-content.ts'

export const MOVE = 'Move to another machine'

/** One on the machine that is left, one on the other. */
export function blocksOfMove(project: Project): Fence[] {
  return runFences(project, OPERATIONS_FILE, MOVE).slice(0, 2)
}

export interface Move {
  runs: FenceRun[]
  /** Files that the other clone got and had not been taken along, or that it lost. */
  changed: string[]
  /** What a user keeps in the stack, on the first machine and on the other. */
  content: { before: string[]; after: string[] }
}

/** The first block on a machine, the second in a clone in another folder, where nothing of its stack is left. */
export async function moveToAnotherMachine(project: Project): Promise<Move> {
  const [pack, unpack] = blocksOfMove(project)
  const prepared = await prepare(project)
  const none = { runs: prepared, changed: [], content: { before: [], after: [] } }
  if (!pack || !unpack || problemsOf(prepared).length > 0) return none
  await changeContent(project)
  const before = await contentOf(project)
  const other = cloneOf(project)
  const files = filesOf(other).union(TAKEN_ALONG)
  const packed = await typeFence(project, pack)
  if (packed.problem) return { ...none, runs: [...prepared, packed] }
  await rename(join(project.root, 'moved'), join(other.root, 'moved'))
  await removeStack(project)
  const unpacked = await typeFence(other, unpack)
  const after = unpacked.problem ? [] : await contentOf(other)
  const changed = [...files.symmetricDifference(filesOf(other))]
  return { runs: [...prepared, packed, unpacked], changed, content: { before, after } }
}

/** Settings and secrets. */
const TAKEN_ALONG = new Set(['.env', '.hma'])

/** A clone of the copy inside of it; its stack has the same name. */
function cloneOf(project: Project): Project {
  const folder = cloneWith(project, 'core.autocrlf=false')
  const run: Project['run'] = (script, ...more) => project.run(join(folder, script), ...more)
  return { ...project, root: join(project.root, folder), run }
}

async function removeStack({ root, composeName }: Project): Promise<void> {
  const label = `label=com.docker.compose.project=${composeName}`
  const lines = [
    `docker ps --all --quiet --filter ${label} | xargs --no-run-if-empty docker rm --force --volumes`,
    `docker volume ls --quiet --filter ${label} | xargs docker volume rm`,
  ]
  for (const line of lines) await execa('bash', ['-c', line])
  for (const own of ['.env', '.hma']) await rm(join(root, own), { recursive: true, force: true })
}
