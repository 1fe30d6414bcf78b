// The shell fences of the documentation. The words behind `sh` say how one is run:
//   sh run within=60          in this order with the others of its file; it must end with 0 within 60 seconds
//   sh run within=60 exit=1   with this exit code
//   sh run within=60 restores  the block that a drill measures
//   sh not run: REASON        why it is not
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'

export interface Fence {
  /** File and line. */
  where: string
  /** Its heading. */
  section: string
  info: string
  text: string
}

export interface FenceRun {
  where: string
  section: string
  seconds: number
  /** Whether it is the block of a drill that restores. */
  restores: boolean
  output: string
  /** Empty when it did what its information says. */
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

const RUN = /^run within=(\d+)(?: exit=(\d+))?( restores)?$/
const NOT_RUN = /^not run: \S.{9,}$/

/** Fences that say neither how they are run nor why they are not. */
export function unexplainedFences(project: Project): string[] {
  const fences = documents(project).flatMap((file) => fencesOf(project, file))
  return fences.filter(({ info }) => !RUN.test(info) && !NOT_RUN.test(info)).map(({ where }) => where)
}

/** Runs the fences of a file in their order, those of one section or all, each to the end of its limit. */
export async function runFences(
  project: Project,
  file: string,
  section?: string,
  environment: Record<string, string> = {},
): Promise<FenceRun[]> {
  const fences = fencesOf(project, file).filter((fence) => section === undefined || fence.section === section)
  const runs: FenceRun[] = []
  for (const fence of fences.filter(({ info }) => RUN.test(info)))
    runs.push(await runFence(project, fence, environment))
  return runs
}

async function runFence(
  { root }: Project,
  { where, section, info, text }: Fence,
  environment: Record<string, string>,
): Promise<FenceRun> {
  const [, within = '', code = '0', restores] = RUN.exec(info) ?? []
  const began = performance.now()
  const { PATH = '', HOME = '', DOCKER_HOST } = process.env
  const env = { PATH, HOME, LANG: 'C.UTF-8', ...(DOCKER_HOST ? { DOCKER_HOST } : {}), ...environment }
  const limit = { timeout: Number(within) * 1000, forceKillAfterDelay: 2000, reject: false } as const
  const { exitCode, timedOut, all } = await execa('bash', ['-Eeuo', 'pipefail', '-c', text], {
    cwd: root,
    env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    ...limit,
  })
  const seconds = Math.round((performance.now() - began) / 100) / 10
  const end = timedOut ? `did not end within ${within} s` : `ended with ${exitCode}`
  const problem = !timedOut && exitCode === Number(code) ? '' : `${end}: ${text}\n${all.slice(-2000)}`
  return { where, section, seconds, restores: restores !== undefined, output: all, problem }
}

/** What went wrong in these runs. */
export function problemsOf(runs: FenceRun[]): string[] {
  return runs.flatMap(({ where, problem }) => (problem === '' ? [] : [`${where} ${problem}`]))
}
