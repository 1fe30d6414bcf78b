// The shell fences of the documentation. The words behind `sh` say how one is run:
//   sh run within=60          in this order with the others of its file; it must end with 0 within 60 seconds
//   sh run within=60 exit=1   with this exit code
//   sh run within=60 restores  the block that a drill measures
//   sh not run: REASON        why it is not
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { typed } from './typed.ts'

export interface Fence {
  /** File and line. */
  where: string
  /** Its heading. */
  section: string
  info: string
  text: string
}

export interface FenceRun {
  section: string
  seconds: number
  /** Whether it is the block of a drill that restores. */
  restores: boolean
  output: string
  /** Empty when it ended as its information says. */
  problem: string
}

/** Every file of documentation. */
export function documents({ root }: Project): string[] {
  return globSync(['*.md', 'docs/**/*.md', 'ml-stub/*.md', '.github/**/*.md'], { cwd: root }).sort()
}

/** The shell fences of a file. */
export function fencesOf({ root }: Project, file: string): Fence[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  const marks = lines.flatMap((line, at) => (/^\s*```/.test(line) ? [at] : []))
  const pairs = marks.flatMap((open, index) =>
    index % 2 === 0 ? [[open, marks[index + 1] ?? lines.length] as const] : [],
  )
  return pairs.flatMap(([open, close]) => {
    const [, language = '', info = ''] = /^\s*```(\S*)\s*(.*)$/.exec(lines[open] ?? '') ?? []
    if (!['sh', 'bash', 'shell', 'console'].includes(language)) return []
    const section = lines.slice(0, open).findLast((line) => /^#+ /.test(line)) ?? ''
    const text = lines.slice(open + 1, close).join('\n')
    return [{ where: `${file}:${open + 1}`, section: section.replace(/^#+ /, ''), info, text }]
  })
}

/** The headings of a file with at least one block that is run, in their order. */
export function sectionsOf(project: Project, file: string): string[] {
  const run = fencesOf(project, file).filter(({ info }) => RUN.test(info))
  return [...new Set(run.map(({ section }) => section))]
}

const RUN = /^run within=(\d+)(?: exit=(\d+))?( restores)?$/
const NOT_RUN = /^not run: \S.{9,}$/

/** Fences that say neither how they are run nor why they are not. */
export function unexplainedFences(project: Project): string[] {
  const fences = documents(project).flatMap((file) => fencesOf(project, file))
  return fences.filter(({ info }) => !RUN.test(info) && !NOT_RUN.test(info)).map(({ where }) => where)
}

/** Types the blocks of a section in their order, or of the whole file, each within its limit. Stops at the first with a problem. */
export async function typeFences(project: Project, file: string, section?: string): Promise<FenceRun[]> {
  const wanted = fencesOf(project, file).filter(
    ({ info, section: own }) => RUN.test(info) && (section === undefined || own === section),
  )
  const runs: FenceRun[] = []
  for (const fence of wanted) {
    runs.push(await typeFence(project, fence))
    if (runs.at(-1)?.problem) break
  }
  return runs
}

/** Types one block. */
export async function typeFence(project: Project, { where, section, info, text }: Fence): Promise<FenceRun> {
  const [, within = '', code = '0', restores] = RUN.exec(info) ?? []
  const began = performance.now()
  const { exitCode, stdout, stderr } = await typed(project, `set -Eeuo pipefail\n${text}`, {
    withinMs: Number(within) * 1000,
  })
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const output = `${stdout}\n${stderr}`
  const problem =
    exitCode === Number(code)
      ? ''
      : `${where} ended with ${exitCode} after ${seconds} s: ${output.slice(-2000)}`
  return { section, seconds, restores: restores !== undefined, output, problem }
}

/** What went wrong in these runs. */
export function problemsOf(runs: FenceRun[]): string[] {
  return runs.flatMap(({ problem }) => (problem === '' ? [] : [problem]))
}
