// The sections and alerts of the operations runbook, typed on the dev stack of a copy of the project.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { type FenceRun, problemsOf, runFences, sectionsOf, typeFence, typeFences } from './fences.ts'
import { OPERATION_EFFECTS } from './operation-effects.ts'
import { OPERATIONS_FILE, prepare } from './runbooks.ts'
import { typed } from './typed.ts'

export const OPERATIONS = Object.keys(OPERATION_EFFECTS)

interface Looked {
  runs: FenceRun[]
  /** What the section is for, before its first block and behind each. */
  seen: unknown[]
  expected: unknown[]
}

export interface Operation extends Looked {
  /** Files of the copy that came or went. */
  changed: string[]
}

/** Types the blocks of a section of the operations runbook. */
export async function runOperation(project: Project, section: string): Promise<Operation> {
  const before = await prepare(project)
  const files = filesOf(project)
  const { runs, seen, expected } = await typeAndLook(project, section, before)
  return { runs, changed: [...files.symmetricDifference(filesOf(project))], seen, expected }
}

/** Looks before the first block and behind each. Stops at the first with a problem. */
async function typeAndLook(project: Project, section: string, before: FenceRun[]): Promise<Looked> {
  const blocks = runFences(project, OPERATIONS_FILE, section)
  const begin = OPERATION_EFFECTS[section]
  if (begin === undefined || problemsOf(before).length > 0) return { runs: before, seen: [], expected: [] }
  const { look, expected } = await begin(project, blocks)
  const runs = [...before]
  const seen = [await look(runs)]
  for (const block of blocks) {
    runs.push(await typeFence(project, block))
    if (runs.at(-1)?.problem) break
    seen.push(await look(runs))
  }
  return { runs, seen, expected }
}

/** Headings of the operations runbook below that of a section: each an alert. */
function alertHeadings({ root }: Project): string[] {
  const text = readFileSync(join(root, OPERATIONS_FILE), 'utf8')
  return [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading)
}

/** The alerts of the operations runbook, each as often as it has blocks. */
export function alertsInRunbook(project: Project): string[] {
  const headings = alertHeadings(project)
  const sections = runFences(project, OPERATIONS_FILE).map(({ section }) => section)
  return sections.filter((section) => headings.includes(section))
}

/** Types the block of each alert. */
export async function typeAlerts(project: Project): Promise<FenceRun[]> {
  const runs = [...(await prepare(project))]
  for (const alert of alertsInRunbook(project))
    runs.push(...(await typeFences(project, OPERATIONS_FILE, alert)))
  return runs
}

/** The files and folders of a copy, without what is inside of those that begin with a dot. */
export function filesOf({ root }: Project): Set<string> {
  return new Set(globSync(['**/*', '.*'], { cwd: root, exclude: ['node_modules'] }))
}

/** A line of a block that lists what there is, under a line of headings. */
const LIST = /^(?:docker (?:volume|network|image|container) ls|docker ps|scripts\/compose\.sh ps)\b.*/gm

/** Lists of a section that have no entry now: an empty one ends with 0, too. */
export async function emptyLists(project: Project, section: string): Promise<string[]> {
  const lists = listsOf(project, section)
  const outputs = await Promise.all(lists.map((line) => typed(project, line)))
  return lists.filter((_, at) => (outputs[at]?.stdout ?? '').trim().split('\n').length < 2)
}

/** The lines of a section of the operations runbook that list something. */
export function listsOf(project: Project, section: string): string[] {
  return runFences(project, OPERATIONS_FILE, section).flatMap(({ text }) => text.match(LIST) ?? [])
}

/** The headings of the operations runbook with at least one block, without its alerts. */
export function operationsOf(project: Project): string[] {
  const alerts = alertHeadings(project)
  return sectionsOf(project, OPERATIONS_FILE).filter((section) => !alerts.includes(section))
}
