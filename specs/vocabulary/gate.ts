// Verbs for the gate: what it lists, what a run of it reports, and what its workflow does for an event.

import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { commitAll, git } from '../../config/git.ts'
import { expect, type Outcome, type Project, type RunOptions } from '../../harness/index.ts'
import { addFile } from './static-checks.ts'
import { contextsOf, type Event, GATE, interpolate, isStarted, jobRuns, workflowOf } from './workflows.ts'

interface GateStep {
  name: string
  seconds: number
  commands: string[][]
}

/** The steps of `scripts/gate.sh` with these options. */
export async function gateSteps(project: Project, ...options: string[]): Promise<GateStep[]> {
  const { stdout } = await project.run('scripts/gate.sh', ['--list', '--json', ...options])
  return JSON.parse(stdout)
}

/** What each of its steps types. */
export async function commandsOf(project: Project, ...options: string[]): Promise<Record<string, string[]>> {
  const steps = await gateSteps(project, ...options)
  return Object.fromEntries(
    steps.map(({ name, commands }) => [name, commands.map((words) => words.join(' '))]),
  )
}

/** What each step of a run of the gate came to. */
export function statesOf({ stdout }: Pick<Outcome, 'stdout'>): Record<string, string> {
  const { steps } = JSON.parse(stdout) as { steps: { step: string; state: string }[] }
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]))
}

/** The options that run only these steps. */
export function onlySteps(...steps: string[]): string[] {
  return steps.flatMap((step) => ['--only', step])
}

/** Runs the gate of the copy; its outcome is JSON. */
export function runGate(project: Project, words: string[], options: RunOptions = {}): Promise<Outcome> {
  return project.run('scripts/gate.sh', ['--json', ...words], options)
}

const BEGINS = { timeout: 30_000, interval: 20 }

/** Sends this signal to the gate alone while this script of one of these steps runs, which then ends with 0. */
export async function interruptGate(
  project: Project,
  script: string,
  steps: string[],
  signal: 'SIGTERM' | 'SIGHUP',
): Promise<Pick<Outcome, 'exitCode' | 'stdout'>> {
  const wait = 'touch .begun; until [[ -e .interrupted ]]; do sleep 0.05; done'
  await replaceScript(project, script, `trap 'exit 0' TERM\n${wait}`)
  const gate = project.start('scripts/gate.sh', ['--json', ...onlySteps(...steps)])
  const closed = once(gate, 'close')
  let stdout = ''
  gate.stdout?.on('data', (chunk) => (stdout += chunk))
  gate.stderr?.resume()
  await expect.poll(() => existsSync(join(project.root, '.begun')), BEGINS).toBe(true)
  gate.kill(signal)
  await addFile(project, '.interrupted', '')
  const [code] = (await closed) as [number | null]
  return { exitCode: code ?? -1, stdout }
}

/**
 * Replaces the scripts of these calls by ones that only write down how they are called, and with which variables. The call that is
 * to fail ends with 7.
 */
export async function logScripts(project: Project, calls: string[], failing = ''): Promise<void> {
  for (const name of new Set(calls.map((call) => call.split(' ')[0]))) {
    const body = [
      ...[`echo ${name} "$@" >>.calls`, 'env | grep ^HMA_ >>.variables', 'echo >>.variables'],
      `[[ "${name}\${*:+ $*}" != "${failing}" ]] || exit 7`,
    ]
    await replaceScript(project, `scripts/${name}.sh`, body.join('\n'))
  }
}

/** Replaces every command of the gate by one that only writes down its call; returns them in their order. */
export async function logAllCommands(project: Project): Promise<string[]> {
  const commands = Object.values(await commandsOf(project)).flat()
  await removePrograms(project)
  await replaceScript(project, 'scripts/dependencies.sh', 'exit 0')
  for (const name of new Set(commands.map((command) => command.split(' ')[0] ?? ''))) {
    const file = name.startsWith('scripts/') ? name : `node_modules/.bin/${name}`
    await replaceScript(project, file, `echo ${name} "$@" >>.calls`)
    await chmod(join(project.root, file), 0o755)
  }
  return commands
}

/** The copy keeps its packages, and of their programs Node alone. */
async function removePrograms({ root }: Project): Promise<void> {
  const packages = join(root, 'node_modules')
  const shared = await realpath(packages)
  const names = (await readdir(shared)).filter((name) => name !== '.bin')
  await rm(packages)
  await mkdir(join(packages, '.bin'), { recursive: true })
  await Promise.all(names.map((name) => symlink(join(shared, name), join(packages, name))))
  await symlink(process.execPath, join(packages, '.bin/node'))
}

export function loggedCalls({ root }: Project): string[] {
  return readFileSync(join(root, '.calls'), 'utf8').trim().split('\n')
}

/** The variables of the project that each call saw. */
export function loggedVariables({ root }: Project): Record<string, string | undefined>[] {
  const calls = readFileSync(join(root, '.variables'), 'utf8').trim().split('\n\n')
  return calls.map((text) => parseEnv(text))
}

/** Replaces a script of the copy. */
export function replaceScript(project: Project, script: string, body: string): Promise<void> {
  return addFile(project, script, `#!/usr/bin/env bash\n${body}\n`)
}

/** Runs a script of the workflow with these variables; what it wrote to the file of $GITHUB_OUTPUT. */
export async function outputsOf(
  project: Project,
  script: string,
  environment: Record<string, string>,
): Promise<string> {
  const file = join(project.root, '.hma-output')
  await addFile(project, '.hma-output', '')
  await project.run(script, [], { environment: { ...environment, GITHUB_OUTPUT: file } })
  return readFileSync(file, 'utf8').trim()
}

/** The jobs of the gate that GitHub runs for the event when every job that runs succeeds. */
export async function jobsFor(project: Project, event: Event): Promise<string[]> {
  const workflow = workflowOf(project, GATE)
  const contexts = contextsOf(event)
  const needs: Record<string, unknown> = {}
  if (!isStarted(workflow, event)) return []
  for (const [name, { steps }] of Object.entries(workflow.jobs)) {
    const runs = jobRuns(workflow, name, { ...contexts, needs })
    const env = steps.find(({ id }) => id === 'decide')?.env ?? {}
    const values = Object.entries(env).map(([key, text]) => [key, interpolate(text, { ...contexts, needs })])
    const output =
      name === 'decide' && runs
        ? await outputsOf(project, 'scripts/gate-decide.sh', Object.fromEntries(values))
        : ''
    needs[name] = { result: runs ? 'success' : 'skipped', outputs: { run: output.replace('run=', '') } }
  }
  return Object.keys(needs).filter((name) => (needs[name] as { result: string }).result === 'success')
}

/** Makes the copy a repository with one commit and these tags, each an hour newer than the one before. */
export function tagCopy({ root }: Project, ...tags: string[]): void {
  git(root, 'init', '--quiet')
  commitAll(root)
  const commit = git(root, 'rev-parse', 'HEAD')
  for (const [hour, tag] of tags.entries()) {
    const tagger = `tagger Ada <ada@example.org> ${1_780_000_000 + hour * 3600} +0000`
    const lines = [`object ${commit}`, 'type commit', `tag ${tag}`, tagger, '', tag]
    writeFileSync(join(root, '.git/new-tag'), `${lines.join('\n')}\n`)
    git(root, 'update-ref', `refs/tags/${tag}`, git(root, 'hash-object', '-w', '-t', 'tag', '.git/new-tag'))
  }
}

/** A command that sleeps for half a minute, and that no other process of this machine has. */
export function longSleep(): string {
  return `sleep 34.${randomInt(1e8, 1e9)}`
}

/** A process that is killed is listed for a moment more. */
export const UNTIL_GONE = { timeout: 2000, interval: 20 }

/** Processes that have this text in their command line. */
export function processesWith(text: string): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(text))
}

/** The step of the gate that a step of the workflow runs. */
export function gateStepOf({ run = '' }: { run?: string | undefined }): string | undefined {
  return /^scripts\/gate\.sh --only (\S+)/.exec(run)?.[1]
}
