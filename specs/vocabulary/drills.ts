// The recovery drills, typed on the dev stack of a copy of the project.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { type FenceRun, problemsOf, runFences, sectionsOf, typeFences } from './fences.ts'
import { DRILLS_FILE, forgetStack, prepare } from './runbooks.ts'
import { contentOf } from './stack-content.ts'
import { COUNTED, statementsOfSuperusers } from './superusers.ts'
import { answerOf } from './typed.ts'

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
export const AROUND = ['Before', 'After']

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
  forgetStack(project)
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
