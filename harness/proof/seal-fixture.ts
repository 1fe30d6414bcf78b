// What the tests of the seal run in: a repository with nothing but a list, and an engine that lists the given containers.
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CliError } from '../../config/cli-error.ts'
import { commitAll, git } from '../../config/git.ts'
import { basisOf, CAUGHT_FAULTS } from './caught-faults.ts'
import { RUN_RECORD, type RunRecord, readSubject } from './run-record.ts'
import { list, runRecord } from './sample-data.ts'
import { sealRun } from './seal-run.ts'

export interface Case {
  run?: Partial<RunRecord>
  /** Content of the run's record, instead of `run`; empty for no file. */
  text?: string
  /** Criteria seen red, and the basis to write for them. */
  seenRed?: string[]
  basis?: string
  /** Containers that the engine lists. */
  containers?: unknown[]
  /** Content of a file that is not committed. */
  uncommitted?: string
  words?: string[]
}

export interface Sealed {
  exitCode: number
  /** The line of the CliError that it threw; empty when it threw none. */
  error: string
  /** Content of signoff.json; undefined when there is none. */
  record: unknown
}

const root = mkdtempSync(join(tmpdir(), 'signoff-seal-'))
const repository = join(root, 'repository')
const RUN = '0123abcd'
let listedContainers: unknown[] = []
// On a busy machine a case takes longer than the five seconds after which Node would close a connection that the client keeps.
const engine = createServer({ keepAliveTimeout: 60_000 }, ({ url = '' }, reply) => {
  const answers: Record<string, unknown> = {
    containers: listedContainers,
    networks: [],
    volumes: { Volumes: [] },
  }
  reply.setHeader('content-type', 'application/json')
  reply.end(JSON.stringify(answers[/^\/(\w+)/.exec(url)?.[1] ?? ''] ?? {}))
})

/** A container of the run that is sealed. */
export const leftover = { Id: 'x', Names: ['/left'], Labels: { 'hma.run': RUN } }

export async function prepareSeals(): Promise<void> {
  await startEngine()
  mkdirSync(join(repository, 'docs'), { recursive: true })
  mkdirSync(join(repository, 'specs'))
  const sentences = list.criteria.map(({ id, sentence }) => `- ${id} ${sentence}`)
  const text = ['### B1 People', '### C1 Roles', ...sentences, ''].join('\n')
  writeFileSync(join(repository, 'docs/acceptance.md'), text)
  writeFileSync(join(repository, 'specs/all.spec.ts'), '// specs')
  writeFileSync(join(repository, '.gitignore'), '.signoff/\n')
  git(repository, 'init', '--quiet')
  commitAll(repository)
}

export function endSeals(): void {
  engine.closeAllConnections()
  engine.close()
  rmSync(root, { recursive: true })
}

/** Seals what a run would have left, in this process. */
export async function seal({ words = [], containers = [], ...given }: Case): Promise<Sealed> {
  const folder = await prepare(given)
  listedContainers = containers
  const { exitCode, error } = await inFolder(folder, () => exitCodeOf(sealRun(words)))
  const sealed = join(folder, '.signoff/signoff.json')
  return {
    exitCode,
    error,
    record: existsSync(sealed) ? JSON.parse(readFileSync(sealed, 'utf8')) : undefined,
  }
}

async function exitCodeOf(sealing: Promise<number>): Promise<{ exitCode: number; error: string }> {
  try {
    return { exitCode: await sealing, error: '' }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return { exitCode: error.exitCode, error: error.line }
  }
}

async function prepare({
  run = {},
  text,
  seenRed,
  basis,
  uncommitted,
}: Omit<Case, 'words' | 'containers'>): Promise<string> {
  const folder = mkdtempSync(join(root, 'case-'))
  cpSync(repository, folder, { recursive: true })
  mkdirSync(join(folder, '.signoff'))
  const subject = await inFolder(folder, readSubject)
  const written = text ?? JSON.stringify(runRecord({ subject, ...run }))
  if (written !== '') writeFileSync(join(folder, RUN_RECORD), written)
  const faults = await inFolder(folder, () => caughtFaults(seenRed, basis))
  writeFileSync(join(folder, CAUGHT_FAULTS), JSON.stringify(faults))
  writeFileSync(join(folder, '.signoff/environment.json'), JSON.stringify({ run: RUN }))
  if (uncommitted !== undefined) writeFileSync(join(folder, 'note'), uncommitted)
  return folder
}

/** One for all cases, because Testcontainers connects once in a process. */
async function startEngine(): Promise<void> {
  await once(engine.listen(0, '127.0.0.1'), 'listening')
  process.env.DOCKER_HOST = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`
  process.env.TMPDIR = root
}

function caughtFaults(ids = list.criteria.map(({ id }) => id), basis?: string): Record<string, unknown> {
  const files = ['specs/all.spec.ts']
  const entries = list.criteria
    .filter(({ id }) => ids.includes(id))
    .map(({ id, sentence }) => {
      const entry = {
        criterion: id,
        description: 'gone',
        caughtBy: id,
        caughtIn: '',
        files,
        product: '',
        at: '',
      }
      return [`${id}/gone`, { ...entry, basis: basis ?? basisOf(sentence, files) }]
    })
  return Object.fromEntries(entries)
}

/** The sign-off reads everything relative to the working directory. */
async function inFolder<T>(folder: string, work: () => Promise<T> | T): Promise<T> {
  const here = process.cwd()
  process.chdir(folder)
  try {
    return await work()
  } finally {
    process.chdir(here)
  }
}
