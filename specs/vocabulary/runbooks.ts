// The operations runbook and the recovery drills, typed on the dev stack of a copy of the project.
import { globSync, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import { cloneWith } from './checkouts.ts'
import {
  type Fence,
  type FenceRun,
  problemsOf,
  runFences,
  sectionsOf,
  typeFence,
  typeFences,
  whereOf,
} from './fences.ts'
import { ONBOARDING } from './onboarding.ts'
import { OPERATION_EFFECTS } from './operation-effects.ts'
import { changeContent, contentOf } from './stack-content.ts'
import { COUNTED, statementsOfSuperusers } from './superusers.ts'
import { answerOf, typed, writeSettings } from './typed.ts'

export const OPERATIONS_FILE = 'docs/runbooks/operations.md'
export const DRILLS_FILE = 'docs/recovery-drills.md'
export const GATE_FILE = 'docs/quality-gate.md'
export const README = 'README.md'

export const OPERATIONS = Object.keys(OPERATION_EFFECTS)
export const MOVE = 'Move to another machine'
export const DRILLS = [
  'Dropped table',
  'Wrong update',
  'Lost volume',
  'Lost bucket object',
  'Full disk',
  'Expired password',
  'Stuck migration',
  'Missing partition',
]
/** Sections around the drills. */
const AROUND = ['Before', 'After']

/** One on the machine that is left, one on the other. */
function blocksOfMove(project: Project): Fence[] {
  return runFences(project, OPERATIONS_FILE, MOVE).slice(0, 2)
}

/** The blocks that specs type: all of three documents, and of the runbooks those of the sections above. */
export function blocksTyped(project: Project): string[] {
  const of = (file: string, sections: string[]) =>
    sections.flatMap((section) => whereOf(runFences(project, file, section)))
  return [
    ...[ONBOARDING, GATE_FILE, README].flatMap((file) => whereOf(runFences(project, file))),
    ...of(OPERATIONS_FILE, OPERATIONS),
    ...of(OPERATIONS_FILE, [...new Set(alertsInRunbook(project))]),
    ...whereOf(blocksOfMove(project)),
    ...of(DRILLS_FILE, [...AROUND, ...DRILLS]),
  ].sort()
}

/** Blocks of a section that these runs do not have. */
export function missedBlocks(project: Project, file: string, section: string, runs: FenceRun[]): string[] {
  const typed = whereOf(runs)
  return whereOf(runFences(project, file, section)).filter((where) => !typed.includes(where))
}

const prepared = new Map<string, Promise<FenceRun[]>>()

/** Sets up the stack of the copy and backs it up, once per copy, as the drills say. */
function prepare(project: Project): Promise<FenceRun[]> {
  const done = prepared.get(project.root) ?? prepareAnew(project)
  prepared.set(project.root, done)
  return done
}

async function prepareAnew(project: Project): Promise<FenceRun[]> {
  await writeSettings(project)
  return typeFences(project, DRILLS_FILE, 'Before')
}

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

/** Types the blocks of the README that say that they are run. */
export async function typeReadme(project: Project): Promise<FenceRun[]> {
  return [...(await prepare(project)), ...(await typeFences(project, README))]
}

/** The files and folders of the copy, without what is inside of those that begin with a dot. */
function filesOf({ root }: Project): Set<string> {
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

export interface Drill {
  runs: FenceRun[]
  /** The tables of the stack's database when it began, and those of them that are missing at its end. */
  tables: string[]
  missing: string[]
  /** What a user keeps in the stack, when it began and at its end. */
  content: { before: string[]; after: string[] }
  /** What superusers read or wrote meanwhile by the names of the owner's tables, and COUNTED. */
  ofSuperusers: string[]
  restored: { seconds: number; stated: number }
}

/** Types a drill. Its time is that of the blocks that restore. */
export async function runDrill(project: Project, name: string): Promise<Drill> {
  const before = await prepare(project)
  const tables = await tablesOf(project)
  const kept = await contentAfter(project, before)
  const earlier = await statementsOfSuperusers(project)
  const runs = [...before, ...(await typeFences(project, DRILLS_FILE, name))]
  const left = await tablesOf(project)
  const content = { before: kept, after: await contentAfter(project, runs) }
  const later = await statementsOfSuperusers(project)
  const seconds = runs.filter(({ restores }) => restores).reduce((sum, run) => sum + run.seconds, 0)
  const stated = statedTimes(project)[name] ?? 0
  process.stderr.write(`drill ${name}: restored in ${seconds.toFixed(1)} s, stated ${stated} s\n`)
  const missing = tables.filter((table) => !left.includes(table))
  const ofSuperusers = later.filter((each) => each === COUNTED || !earlier.includes(each))
  return { runs, tables, missing, content, ofSuperusers, restored: { seconds, stated } }
}

/** Nothing where a block has failed: its problem is what is reported. */
async function contentAfter(project: Project, runs: FenceRun[]): Promise<string[]> {
  return problemsOf(runs).length > 0 ? [] : contentOf(project)
}

/** With the months of the audit log. */
async function tablesOf(project: Project): Promise<string[]> {
  const answer = await answerOf(
    project,
    "select oid::regclass from pg_class where relkind in ('r', 'p') and relnamespace::regnamespace::text !~ '^pg_'",
  )
  return answer.split('\n')
}

/** Ends the drills: the stack is removed with its data. */
export async function endDrills(project: Project): Promise<FenceRun[]> {
  const before = await prepare(project)
  prepared.delete(project.root)
  return [...before, ...(await typeFences(project, DRILLS_FILE, 'After'))]
}

/** Drills whose last block is one that restores: nothing looks whether it has. */
export function uncheckedDrills(project: Project): string[] {
  return drillsOf(project).filter((drill) =>
    runFences(project, DRILLS_FILE, drill).at(-1)?.info.endsWith(' restores'),
  )
}

/** Drills in which no block fails before one restores: nothing shows that something is lost. */
export function drillsWithoutSymptom(project: Project): string[] {
  return drillsOf(project).filter((drill) => {
    const infos = runFences(project, DRILLS_FILE, drill).map(({ info }) => info)
    const restoring = infos.findIndex((info) => info.endsWith(' restores'))
    return !infos.slice(0, restoring).some((info) => / exit=[1-9]/.test(info))
  })
}

/** The headings of the drills. */
export function drillsOf(project: Project): string[] {
  return sectionsOf(project, DRILLS_FILE).filter((section) => !AROUND.includes(section))
}

/** By drill: the seconds that the table states. */
export function statedTimes({ root }: Project): Record<string, number> {
  const text = readFileSync(join(root, DRILLS_FILE), 'utf8')
  const rows = [...text.matchAll(/^\| ([A-Z][^|]+?) \| (\d+) s \|/gm)]
  return Object.fromEntries(rows.map(([, name = '', stated]) => [name, Number(stated)]))
}

/** Drills of which the table says no time that was measured, or a longer one than it states. */
export function drillsMeasuredTooSlow(project: Project): string[] {
  const stated = statedTimes(project)
  const text = readFileSync(join(project.root, DRILLS_FILE), 'utf8')
  const rows = [...text.matchAll(/^\| ([A-Z][^|]+?) \| \d+ s \| (\d+) s \|/gm)]
  const measured = new Map(rows.map(([, name = '', seconds]) => [name, Number(seconds)]))
  return drillsOf(project).filter((drill) => !((measured.get(drill) ?? Infinity) <= (stated[drill] ?? 0)))
}

/** By drill: the limits of its blocks that restore. */
export function restoreLimits(project: Project): Record<string, number> {
  const restoring = runFences(project, DRILLS_FILE).filter(({ info }) => info.endsWith(' restores'))
  const limit = (info: string) => Number(/within=(\d+)/.exec(info)?.[1])
  return Object.fromEntries(
    drillsOf(project).map((drill) => [
      drill,
      restoring.filter(({ section }) => section === drill).reduce((sum, { info }) => sum + limit(info), 0),
    ]),
  )
}
