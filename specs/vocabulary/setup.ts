// The verbs specs use for the set-up: run to its end or killed in mid-step, and what the stack then really is.
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { containersOf } from './containers.ts'

const WITHIN_MS = 170_000
const WORDS = ['--variant', 'test', '--json']

export interface SetupResult {
  exitCode: number
  done: boolean
  changed: boolean
  /** Names of the steps that changed something. */
  changedSteps: string[]
  /** Lines on standard error. */
  stderrLines: string[]
  lastLine: string
}

/** Runs the set-up for the test variant, under the project's own name. */
export function runSetup(project: Project, environment: Record<string, string> = {}): Promise<SetupResult> {
  return runSetUp(project, WORDS, environment)
}

/** The same for dev, which listens at the ports that are given. */
export function runDevSetup(project: Project, environment: Record<string, string>): Promise<SetupResult> {
  return runSetUp(project, ['--variant', 'dev', '--json'], environment)
}

async function runSetUp(
  project: Project,
  words: string[],
  more: Record<string, string>,
): Promise<SetupResult> {
  const options = { environment: { ...nameOf(project), ...more }, timeoutMs: WITHIN_MS }
  return readReport(await project.run('scripts/setup-dev-environment.sh', words, options))
}

function nameOf(project: Project): Record<string, string> {
  return { HMA_PROJECT: project.composeName }
}

interface Report {
  done: boolean
  changed: boolean
  steps: { step: string; changed: boolean }[]
}

function readReport({ exitCode, stdout, stderr }: Outcome): SetupResult {
  const empty: Report = { done: false, changed: false, steps: [] }
  const { done, changed, steps } = stdout === '' ? empty : (JSON.parse(stdout) as Report)
  const changedSteps = steps.filter((step) => step.changed).map(({ step }) => step)
  const stderrLines = stderr.trim().split('\n')
  return { exitCode, done, changed, changedSteps, stderrLines, lastLine: stderrLines.at(-1) ?? '' }
}

interface ConcurrentSetups {
  first: SetupResult
  second: SetupResult
}

const pairs = new Map<string, Promise<ConcurrentSetups>>()

/** The project's stack, set up by the first who asks for it, with a second set-up while the first is under way. */
export function concurrentSetups(project: Project): Promise<ConcurrentSetups> {
  const both = pairs.get(project.root) ?? runTwoSetups(project)
  pairs.set(project.root, both)
  return both
}

/** The one of the two that did the work. */
export async function firstSetup(project: Project): Promise<SetupResult> {
  return (await concurrentSetups(project)).first
}

async function runTwoSetups(project: Project): Promise<ConcurrentSetups> {
  const first = project.start('scripts/setup-dev-environment.sh', WORDS, { environment: nameOf(project) })
  const ended = once(first, 'close')
  let [stderrLines, answer] = ['', '']
  first.stdout?.on('data', (chunk) => (answer += chunk))
  first.stderr?.on('data', (chunk) => (stderrLines += chunk))
  await expect.poll(() => stderrLines, { timeout: WITHIN_MS, interval: 5 }).toContain('"step":"settings"')
  const second = await runSetup(project)
  const [exitCode] = (await ended) as [number]
  return { first: readReport({ exitCode, stdout: answer, stderr: stderrLines }), second }
}

/** Starts the set-up and kills it, with all it has started, as soon as it has done with that step. */
export async function killAfterStep(project: Project, step: string): Promise<void> {
  await killWhen(project, (stderrLines) => stderrLines.includes(`"step":"${step}"`))
}

/** The same, as soon as that service has a container. */
export async function killOnceContainerExists(project: Project, service: string): Promise<void> {
  await killWhen(project, async () =>
    (await containersOf(project)).some((container) => container.service === service),
  )
}

async function killWhen(
  project: Project,
  isReached: (stderrLines: string) => boolean | Promise<boolean>,
): Promise<void> {
  const child = project.start('scripts/setup-dev-environment.sh', WORDS, { environment: nameOf(project) })
  const ended = once(child, 'close')
  let stderrLines = ''
  child.stdout?.resume()
  child.stderr?.on('data', (chunk) => (stderrLines += chunk))
  const isDone = async () => child.exitCode !== null || (await isReached(stderrLines))
  await expect.poll(isDone, { timeout: WITHIN_MS, interval: 5 }).toBe(true)
  expect(child.exitCode).toBeNull()
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await ended
}

/** Makes up a secret that its service will not take. */
export async function writeSecret({ root }: Project, name: string, content: string): Promise<void> {
  const folder = join(root, '.hma/secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, name), content)
}

interface Settings {
  variables: string[]
  secrets: string[]
  bucket: string
  appPassword: string
  invalid: string[]
}

/** Names of settings and secrets that are there and say something; `bad` are those that do not, and drafts that were left. */
export function readSettings({ root }: Project): Settings {
  const kept = parseEnv(readFileSync(join(root, '.env'), 'utf8'))
  const folder = join(root, '.hma/secrets')
  const secrets = globSync('*', { cwd: folder }).sort()
  return {
    variables: Object.keys(kept).sort(),
    secrets,
    bucket: kept.HMA_BUCKET ?? '',
    appPassword: readFileSync(join(folder, 'app-password'), 'utf8').trim(),
    invalid: [
      ...secrets.filter((name) => readFileSync(join(folder, name), 'utf8').trim() === ''),
      ...globSync('.env.*', { cwd: root }).filter((name) => name !== '.env.example'),
    ],
  }
}

/** Names in .env.example. */
export function exampleVariables({ root }: Project): string[] {
  return Object.keys(parseEnv(readFileSync(join(root, '.env.example'), 'utf8'))).sort()
}
