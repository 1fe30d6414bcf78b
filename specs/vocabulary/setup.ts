// The verbs specs use for the set-up: run it to its end or kill it in mid-step, and read the settings that it wrote.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { baseFile, profilesOf } from './compose-files.ts'
import { hideConfigFiles } from './config-files.ts'
import { containersOf } from './containers.ts'
import { oncePerCopy } from './once-per-copy.ts'

const SCRIPT = 'scripts/setup-dev-environment.sh'
const TEST_VARIANT = ['--variant', 'test', '--json']
const WITHIN_MS = 170_000

export interface SetupResult {
  exitCode: number
  done: boolean
  changed: boolean
  /** Names of the steps that changed something. */
  changedSteps: string[]
  /** What the step of the smoke test found. */
  smoke: string
  stderrLines: string[]
  lastLine: string
}

/** Runs the set-up for the test variant, under the project's own name. */
export function runSetup(project: Project, variables: Record<string, string> = {}): Promise<SetupResult> {
  return run(project, TEST_VARIANT, variables)
}

/** The same as a person reads it: the line that comes after those of the steps. */
export async function runSetupAsText(project: Project): Promise<{ exitCode: number; summary: string }> {
  const environment = { HMA_PROJECT: project.composeName }
  const options = { environment, timeoutMs: WITHIN_MS }
  const { exitCode, stdout } = await project.run(SCRIPT, ['--variant', 'test'], options)
  const summary = stdout.split('\n').find((line) => !/^\[\d+\/\d+\] /.test(line)) ?? ''
  return { exitCode, summary }
}

/** The same with the profile observability. */
export function runObservedSetup(project: Project): Promise<SetupResult> {
  return run(project, [...TEST_VARIANT, '--observability'])
}

/** The same for dev, which listens at the ports that are given. */
export function runDevSetup(project: Project, ports: Record<string, string>): Promise<SetupResult> {
  return run(project, ['--variant', 'dev', '--json'], ports)
}

async function run(
  project: Project,
  options: string[],
  variables: Record<string, string> = {},
): Promise<SetupResult> {
  const environment = { HMA_PROJECT: project.composeName, ...variables }
  return parseReport(await project.run(SCRIPT, options, { environment, timeoutMs: WITHIN_MS }))
}

/** Runs the teardown of the test variant. */
export function tearDown(project: Project, ...words: string[]): Promise<Outcome> {
  const environment = { HMA_PROJECT: project.composeName }
  return project.run('scripts/teardown.sh', ['--variant', 'test', ...words], { environment })
}

/** Its image has no stand-in, so that not every engine has it. */
const NOT_STARTED = 'grafana'

/** Starts the first service of every profile beside the stack. */
export async function startOfEachProfile(project: Project): Promise<void> {
  const environment = { HMA_PROJECT: project.composeName }
  const entries = Object.entries(baseFile(project).services)
  const services = profilesOf(project).map(
    (profile) => entries.find(([, service]) => [service?.profiles].flat().includes(profile))?.[0] ?? profile,
  )
  const started = services.filter((service) => service !== NOT_STARTED)
  const words = ['--variant', 'test', 'up', '--detach', '--no-deps', ...started]
  const { exitCode, stderr } = await project.run('scripts/compose.sh', words, { environment })
  expect(exitCode, stderr).toBe(0)
}

/** As an edit that is reverted leaves it: what the file says is the same, and the file is newer than every container. */
export async function touchComposeFile({ root }: Project): Promise<void> {
  const now = new Date()
  await utimes(join(root, 'docker/docker-compose.yml'), now, now)
}

interface Report {
  done: boolean
  changed: boolean
  steps: { step: string; changed: boolean; what: string }[]
}

function parseReport({ exitCode, stdout, stderr }: Outcome): SetupResult {
  const empty: Report = { done: false, changed: false, steps: [] }
  const { done, changed, steps } = stdout === '' ? empty : (JSON.parse(stdout) as Report)
  const changedSteps = steps.filter((step) => step.changed).map(({ step }) => step)
  const smoke = steps.find(({ step }) => step === 'smoke')?.what ?? ''
  const stderrLines = stderr.trim().split('\n')
  return { exitCode, done, changed, changedSteps, smoke, stderrLines, lastLine: stderrLines.at(-1) ?? '' }
}

interface RunningSetup {
  child: ChildProcess
  /** What it has written so far. */
  output: { stdout: string; stderr: string }
  ended: Promise<unknown[]>
}

function startSetup(project: Project): RunningSetup {
  const child = project.start(SCRIPT, TEST_VARIANT, { environment: { HMA_PROJECT: project.composeName } })
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => (output.stdout += chunk))
  child.stderr?.on('data', (chunk) => (output.stderr += chunk))
  return { child, output, ended: once(child, 'close') }
}

const reports = (step: string) => `"step":"${step}"`

interface ConcurrentSetups {
  first: SetupResult
  second: SetupResult
}

/**
 * The first set-up of the project's stack, in a clone that was made with umask 077, and a second one that is started while the
 * first runs. Done once per project.
 */
export const concurrentSetups = oncePerCopy(runTwoSetups)

/** The set-up that created the stack. */
export async function firstSetup(project: Project): Promise<SetupResult> {
  return (await concurrentSetups(project)).first
}

async function runTwoSetups(project: Project): Promise<ConcurrentSetups> {
  hideConfigFiles(project)
  const { output, ended } = startSetup(project)
  await expect.poll(() => output.stderr, { timeout: WITHIN_MS, interval: 5 }).toContain(reports('settings'))
  const second = await runSetup(project)
  const [exitCode] = (await ended) as [number]
  return { first: parseReport({ exitCode, ...output }), second }
}

/** Starts the set-up and kills it with all its child processes as soon as it reports that step. */
export async function killAfterStep(project: Project, step: string): Promise<void> {
  await killWhen(project, (stderr) => stderr.includes(reports(step)))
}

/** The same, as soon as that service has a container. */
export async function killOnceContainerExists(project: Project, service: string): Promise<void> {
  await killWhen(project, async () =>
    (await containersOf(project)).some((container) => container.service === service),
  )
}

async function killWhen(
  project: Project,
  isReached: (stderr: string) => boolean | Promise<boolean>,
): Promise<void> {
  const { child, output, ended } = startSetup(project)
  const isOver = async () => child.exitCode !== null || (await isReached(output.stderr))
  await expect.poll(isOver, { timeout: WITHIN_MS, interval: 5 }).toBe(true)
  expect(child.exitCode, output.stderr).toBeNull()
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await ended
}

/** Writes a secret before the set-up generates it. */
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
  /** Secrets without a value, and temporary files. */
  invalid: string[]
}

/** The names of variables and secrets that exist, and two of their values. */
export function readSettings({ root }: Project): Settings {
  const variables = parseEnv(readFileSync(join(root, '.env'), 'utf8'))
  const folder = join(root, '.hma/secrets')
  const secrets = globSync('*', { cwd: folder }).sort()
  return {
    variables: Object.keys(variables).sort(),
    secrets,
    bucket: variables.HMA_BUCKET ?? '',
    appPassword: readFileSync(join(folder, 'app-password'), 'utf8').trim(),
    invalid: [
      ...secrets.filter((name) => readFileSync(join(folder, name), 'utf8').trim() === ''),
      ...globSync('.env.*', { cwd: root }).filter((name) => name !== '.env.example'),
    ],
  }
}

/** The variables that .env.example sets. */
export function exampleVariables({ root }: Project): string[] {
  return Object.keys(parseEnv(readFileSync(join(root, '.env.example'), 'utf8'))).sort()
}
