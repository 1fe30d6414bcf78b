// A scheduler as compose starts it, and what it tells.
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Cron } from 'croner'
import { execa } from 'execa'
import type { Database, Project } from '../../harness/index.ts'
import { baseFile } from './compose-files.ts'
import { execIn } from './containers.ts'

export type Scheduler = Awaited<ReturnType<Project['serve']>>

/** The words that the compose file gives to the scheduler of a service, with these variables or their defaults. */
export function scheduleOf(
  project: Project,
  service: string,
  variables: Record<string, string> = {},
): string[] {
  const [, ...words] = (declared(project, service)?.command ?? []) as string[]
  return words.map((word) => resolved(word, variables))
}

/** The variables that the compose file gives to a service, where these are set. */
export function environmentOf(
  project: Project,
  service: string,
  variables: Record<string, string>,
): Record<string, string> {
  const all = Object.entries(declared(project, service)?.environment ?? {})
  return Object.fromEntries(all.map(([name, value]) => [name, resolved(value, variables)]))
}

function declared(project: Project, service: string) {
  return baseFile(project).services[service]
}

function resolved(text: string, variables: Record<string, string>): string {
  const given = (_: string, name: string, byDefault: string) => variables[name] ?? byDefault
  return text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, given)
}

/** The same jobs, at every other second. */
export function everyTwoSeconds(words: string[]): string[] {
  return words.map((word) => word.replace(/^(--job=[^=]+)=.*/, '$1=*/2 * * * * *'))
}

/** The longest pause between two times of each job, in hours, within its next thousand times. */
export function longestPauses(words: string[]): Record<string, number> {
  const jobs = words.flatMap((word) => [...word.matchAll(/^--job=([^=]+)=(.*)/g)])
  return Object.fromEntries(jobs.map(([, job = '', pattern = '']) => [job, longestPauseOf(pattern)]))
}

function longestPauseOf(pattern: string): number {
  const times = new Cron(pattern, { timezone: 'UTC' }).nextRuns(1000).map((time) => time.getTime())
  return Math.max(...times.slice(1).map((time, at) => time - (times[at] ?? 0))) / 3_600_000
}

/** The schedule without all jobs but one. */
export function onlyJob(words: string[], name: string): string[] {
  return words.filter((word) => !word.startsWith('--job=') || word.startsWith(`--job=${name}=`))
}

/** What the jobs of the backups are given; nobody is there. */
const NOWHERE = {
  HMA_DATABASE_URL: 'postgres://hma_backup@127.0.0.1:1/hma',
  HMA_STORE_URL: 'http://127.0.0.1:1',
  HMA_BACKUP_BUCKET: 'hma-backups',
  HMA_STORE_KEY_ID: 'id',
  HMA_STORE_KEY_SECRET: 'secret',
}

/** Starts it with a file of its own for the last runs, which another start in the same project finds. */
export async function startScheduler(
  project: Project,
  words: string[],
  environment: Record<string, string> = NOWHERE,
): Promise<Scheduler> {
  return project.serve('ops/schedule/main.ts', { args: await withOwnFiles(project, words), environment })
}

/** It keeps its files in the project, and listens at a free port. */
async function withOwnFiles({ root }: Project, words: string[]): Promise<string[]> {
  const folder = join(root, '.hma')
  await mkdir(folder, { recursive: true })
  const others = words.filter((word) => !/^--(state|metrics|port)=/.test(word))
  return [...others, `--state=${join(folder, 'schedule.json')}`, `--metrics=${folder}`, '--port=0']
}

/** As the service `audit` of the stack. */
export function startAuditScheduler(project: Project, db: Database, words: string[]): Promise<Scheduler> {
  const url = new URL(db.url)
  url.username = 'hma_migrator'
  url.password = ''
  const password = db.passwords.hma_migrator ?? ''
  return startScheduler(project, words, { HMA_DATABASE_URL: url.href, HMA_DATABASE_PASSWORD: password })
}

/** Exit code of the healthcheck that the compose file gives to a service, asked of this scheduler, and what it prints. */
export async function checkScheduler(project: Project, { url }: Scheduler, service = 'backup') {
  const { test } = (declared(project, service)?.healthcheck ?? { test: [] }) as { test: string[] }
  const inCopy: Record<string, string> = { 'health.sh': 'docker/health.sh', 9187: new URL(url).port }
  const [, program = '', ...words] = test.map((word) => inCopy[word] ?? word)
  const options = { cwd: project.root, reject: false, timeout: 10_000 } as const
  const { exitCode, stdout } = await execa(program, words, options)
  return { exitCode, problems: stdout.split('\n').filter((line) => line !== 'healthy') }
}

export async function metricsOf({ url }: Scheduler): Promise<string> {
  return (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5000) })).text()
}

/** Exit code of the last run of each job that ended, from the metrics. */
export async function lastExitCodes(scheduler: Scheduler): Promise<Record<string, number>> {
  return exitCodesIn(await metricsOf(scheduler))
}

function exitCodesIn(metrics: string): Record<string, number> {
  const samples = [...metrics.matchAll(/^hma_schedule_last_exit_code\{job="([^"]+)"\} (\d+)$/gm)]
  return Object.fromEntries(samples.map(([, job = '', exitCode]) => [job, Number(exitCode)]))
}

/** As `docker stop` ends it: the exit code, and the seconds until then. */
export async function stopScheduler({
  process,
}: Scheduler): Promise<{ exitCode: number | null; seconds: number }> {
  const exited = once(process, 'exit') as Promise<[number | null]>
  const began = performance.now()
  process.kill('SIGTERM')
  const [exitCode] = await exited
  return { exitCode, seconds: (performance.now() - began) / 1000 }
}

export const LONGER_THAN_THE_INTERVAL = `spawnSync('sleep', ['3.5'])`
export const KILLS_ITSELF = `process.kill(process.pid, 'SIGKILL'); spawnSync('sleep', ['5'])`

/** The program of the backups is another one: each run is a line of the project's file `runs` with what it was asked to do. */
export async function replaceBackups(project: Project, body = ''): Promise<void> {
  const script = `import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
const note = (what: string) => appendFileSync('runs', \`\${what} \${process.argv[2]}\\n\`)
note('begins')
${body}
note('ends')
`
  await writeFile(join(project.root, 'ops/backup/main.ts'), script)
}

export async function runsOf(project: Project): Promise<string[]> {
  const text = await readFile(join(project.root, 'runs'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean)
}

/** The events of its log of this kind. */
export function eventsOf({ output }: Scheduler, kind: string): Record<string, unknown>[] {
  const lines = output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
  return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === kind)
}

/** How many hours ago each job ended its last run. */
export async function noteRuns(project: Project, hoursAgo: Record<string, number>): Promise<void> {
  const records = Object.entries(hoursAgo).map(([job, hours]) => {
    const endedAtMs = Date.now() - hours * 3_600_000
    return [
      job,
      { last: { startedAtMs: endedAtMs - 1000, endedAtMs, exitCode: 0 }, succeededAtMs: endedAtMs },
    ]
  })
  await mkdir(join(project.root, '.hma'), { recursive: true })
  await writeFile(join(project.root, '.hma/schedule.json'), JSON.stringify(Object.fromEntries(records)))
}

/** Exit code and error of a schedule that is refused. One that is not is ended. */
export async function runSchedule(
  project: Project,
  words: string[],
  env: Record<string, string> = NOWHERE,
): Promise<{ exitCode: number | undefined; stderr: string }> {
  const options = { cwd: project.root, env, extendEnv: false, reject: false, timeout: 20_000 } as const
  const own = await withOwnFiles(project, words)
  const { exitCode, stderr } = await execa(process.execPath, ['ops/schedule/main.ts', ...own], options)
  return { exitCode, stderr }
}

/** Variables without which the jobs work: they have a default, or say something else themselves. */
const OPTIONAL = [
  'HMA_DATABASE_PASSWORD_FILE',
  'HMA_BUCKET',
  'HMA_BACKUP_FOLDER',
  'HMA_BACKUP_KEEP',
  'HMA_BACKUP_ZONE',
]

/** Starts the scheduler of a service once without each variable that the compose file gives it and that its jobs need. */
export async function startsWithout(project: Project, service: string): Promise<Record<string, unknown>> {
  const secret = join(project.root, 'secret')
  await writeFile(secret, 'secret')
  const given = Object.entries(environmentOf(project, service, {}))
  const all = given.map(([name, value]) => [name, name.endsWith('_FILE') ? secret : value] as const)
  const starts = all
    .filter(([name]) => !OPTIONAL.includes(name))
    .map(async ([name]) => {
      const others = Object.fromEntries(all.filter(([other]) => other !== name))
      const { exitCode, stderr } = await runSchedule(project, scheduleOf(project, service), others)
      return [name, { exitCode, isNamed: stderr.includes(name.replace(/_FILE$/, '')) }]
    })
  return Object.fromEntries(await Promise.all(starts))
}

/** The metrics of the scheduler of a service of the stack, asked from inside of its container: no port of it is published. */
export async function metricsInStack(project: Project, service: string): Promise<string> {
  const script = `console.log(await (await fetch('http://127.0.0.1:9187/metrics')).text())`
  const { stdout } = await execIn(project, service, ['node', '--input-type=module', '--eval', script])
  return stdout
}

/** Exit code of the last run of each of its jobs. */
export async function exitCodesInStack(project: Project, service: string): Promise<Record<string, number>> {
  return exitCodesIn(await metricsInStack(project, service))
}

/** When that job of it last succeeded, in seconds. */
export async function lastSuccessInStack(project: Project, service: string, job: string): Promise<number> {
  const metrics = await metricsInStack(project, service)
  const sample = new RegExp(`^hma_schedule_last_success_timestamp_seconds\\{job="${job}"\\} (\\S+)$`, 'm')
  return Number(sample.exec(metrics)?.[1])
}
