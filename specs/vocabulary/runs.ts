// Runs of the harness itself, in a copy of the project whose template is built in no time.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { git } from '../../config/git.ts'
import { expect, type Outcome, type Project } from '../../harness/index.ts'

const STACK_DEFINITION = `
import { readFile } from 'node:fs/promises'
import pg from 'pg'
const build = async ({ url }) => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.query(await readFile('migrations/mark.sql', 'utf8'))
  await client.end()
}
export const stackDefinition = {
  roles: {},
  templates: { default: { inputs: ['migrations'], build } },
  webServices: {},
}
`
const HEAD = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { vi } from 'vitest'
import { expect, test } from '../harness/index.ts'
const signal = (name, text = ' ') => writeFileSync(name, text)
const receive = (name) => vi.waitUntil(() => existsSync(name) && readFileSync(name, 'utf8'), { timeout: 30_000, interval: 10 })
`
const WITHIN = { timeout: 45_000, interval: 20 }

export interface Run {
  process: ChildProcess
  /** Its name on the engine, once its Postgres container runs. */
  id(): Promise<string>
  /** Resolves once a test of the run has called `signal(name)`. */
  waitForSignal(name: string): Promise<void>
  /** Resolves once its output matches this many times. */
  waitForOutput(text: RegExp, times?: number): Promise<void>
  ended(): Promise<Outcome>
}

/** Replaces the specs of the copy by these (`specs/nested-….spec.ts`), and its template by one with the table `mark`. */
export async function writeSpecs(project: Project, ...specs: string[]): Promise<void> {
  git(project.root, 'init', '--quiet')
  for (const file of globSync('specs/*.{spec,faults}.ts', { cwd: project.root }))
    await rm(join(project.root, file))
  await writeFile(join(project.root, 'specs/stack-definition.ts'), STACK_DEFINITION)
  await writeMark(project, 1)
  for (const [index, spec] of specs.entries())
    await writeFile(join(project.root, `specs/nested-${index}.spec.ts`), HEAD + spec)
}

/** Leaves these criteria alone in the list of the copy: a run that proves them is accepted. */
export async function leaveCriteria({ root }: Project, ids: string[]): Promise<void> {
  const file = join(root, 'docs/acceptance.md')
  const lines = (await readFile(file, 'utf8')).split('\n')
  const isLeft = (line: string) => !line.startsWith('- ') || ids.some((id) => line.startsWith(`- ${id} `))
  await writeFile(file, lines.filter(isLeft).join('\n'))
}

/** Writes faults beside the copy's first spec. */
export async function writeFaults(project: Project, faults: string): Promise<void> {
  const head = "import { clusterSql, edit, faults, sql } from '../harness/setup.ts'\n"
  await writeFile(join(project.root, 'specs/nested-0.faults.ts'), `${head}export default faults({${faults}})`)
}

/** Number of databases that the tests of the last `npm run prove` leased. */
export async function databasesLeasedByProve(project: Project): Promise<number> {
  return JSON.parse(await readFile(join(project.root, '.signoff/prove.json'), 'utf8')).lease.count
}

/** Injects the copy's faults; their verdicts by criterion. */
export async function prove(project: Project, ...args: string[]): Promise<ProveOutcome> {
  const ended = await project.run('node_modules/.bin/node', ['harness/proof/prove.ts', '--json', ...args])
  const lines = ended.stdout.split('\n').map((line) => JSON.parse(line))
  const total = lines.pop()
  return {
    exitCode: ended.exitCode,
    stderr: ended.stderr,
    total,
    verdicts: Object.fromEntries(lines.map(({ criterion, verdict }) => [criterion, verdict])),
  }
}

interface ProveOutcome {
  exitCode: number
  stderr: string
  total: Record<string, unknown>
  verdicts: Record<string, string>
}

/** Changes the copy's migration, so that its template has this mark. */
export async function writeMark(project: Project, mark: number): Promise<void> {
  await writeFile(join(project.root, 'migrations/mark.sql'), `create table mark as select ${mark} as n`)
}

/** Adds a line to a file of the copy. */
export async function appendTo(project: Project, file: string, line: string): Promise<void> {
  await appendFile(join(project.root, file), `${line}\n`)
}

/** Replaces a text in a file of the copy, which must contain it. */
export async function replaceText(
  project: Project,
  file: string,
  find: string,
  replace: string,
): Promise<void> {
  const path = join(project.root, file)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(find)
  await writeFile(path, text.replace(find, replace))
}

/** Starts Vitest on the copy's specs; a Ctrl-C reaches it and its workers through its process group. */
export function startRun(project: Project, options: Options = {}): Run {
  const { dockerHost, args = ['run'], files = ['specs/nested'] } = options
  const environment = dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }
  const command = [...args, '--project', 'acceptance', ...files]
  const child = project.start('node_modules/.bin/vitest', command, { environment })
  const closed = once(child, 'close')
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const waitForOutput = async (text: RegExp, times = 1) => {
    const repeated = new RegExp(`(?:${text.source}[^]*){${times}}`)
    await expect.poll(() => stdout + stderr, WITHIN).toMatch(repeated)
  }
  return {
    process: child,
    waitForOutput,
    async id() {
      await waitForOutput(/hma-[0-9a-f]{8}-postgres/)
      return /hma-([0-9a-f]{8})-postgres/.exec(stderr)?.[1] ?? ''
    },
    async waitForSignal(name) {
      await expect.poll(() => existsSync(join(project.root, name)), WITHIN).toBe(true)
    },
    async ended() {
      const [code, signal] = (await closed) as [number | null, NodeJS.Signals]
      return { exitCode: code ?? 128 + constants.signals[signal], stdout, stderr }
    },
  }
}

interface Options {
  dockerHost?: string
  args?: string[]
  files?: string[]
}

/** As Ctrl-C does: the signal goes to the whole process group. */
export function interrupt({ process: { pid = 0 } }: Run): void {
  process.kill(-pid, 'SIGINT')
}
