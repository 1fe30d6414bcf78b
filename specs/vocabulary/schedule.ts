// A scheduler as compose starts it, and what it tells.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Database, Project } from '../../harness/index.ts'
import { composeFiles } from './compose.ts'

export interface Scheduler {
  url: string
  process: ChildProcess
}

/** The words that the compose file gives to the scheduler of a service. */
export function scheduleOf(project: Project, service: string): string[] {
  const base = composeFiles(project).find(({ file }) => file === 'docker/docker-compose.yml')
  const [, ...words] = (base?.content.services[service]?.command ?? []) as string[]
  return words
}

/** The same jobs, at every other second. */
export function everyTwoSeconds(words: string[]): string[] {
  return words.map((word) => word.replace(/^(--job=[^=]+)=.*/, '$1=*/2 * * * * *'))
}

/** The schedule without all jobs but one. */
export function onlyJob(words: string[], name: string): string[] {
  return words.filter((word) => !word.startsWith('--job=') || word.startsWith(`--job=${name}=`))
}

/** Starts it with a file of its own for the last runs, which another start in the same project finds. */
export function startScheduler(
  project: Project,
  words: string[],
  environment: Record<string, string>,
): Promise<Scheduler> {
  const own = [`--state=${join(project.root, '.hma/schedule.json')}`, '--port=0']
  const others = words.filter((word) => !/^--(state|port)=/.test(word))
  return project.serve('ops/schedule/main.ts', { args: [...others, ...own], environment })
}

/** As the service `audit` of the stack. */
export function startAuditScheduler(project: Project, db: Database, words: string[]): Promise<Scheduler> {
  const url = new URL(db.url)
  url.username = 'hma_migrator'
  url.password = ''
  const password = db.passwords.hma_migrator ?? ''
  return startScheduler(project, words, { HMA_DATABASE_URL: url.href, HMA_DATABASE_PASSWORD: password })
}

/** Exit code of the healthcheck and what it prints. */
export async function checkScheduler(project: Project, { url }: Scheduler) {
  const words = ['ops/schedule/health.ts', new URL(url).port]
  const options = { cwd: project.root, reject: false, timeout: 10_000 } as const
  const { exitCode, stdout } = await execa(process.execPath, words, options)
  return { exitCode, problems: stdout.split('\n').filter((line) => line !== 'healthy') }
}

/** Exit code of the last run of each job that ended, from the metrics. */
export async function lastExitCodes({ url }: Scheduler): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5000) })).text()
  const samples = [...text.matchAll(/^hma_schedule_last_exit_code\{job="([^"]+)"\} (\d+)$/gm)]
  return Object.fromEntries(samples.map(([, job = '', exitCode]) => [job, Number(exitCode)]))
}

/** As `docker stop` ends it: the exit code. */
export async function stopScheduler({ process }: Scheduler): Promise<number | null> {
  const exited = once(process, 'exit') as Promise<[number | null]>
  process.kill('SIGTERM')
  const [exitCode] = await exited
  return exitCode
}
