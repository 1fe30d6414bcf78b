// What the seal's own tests stand on: a repository with nothing but a list, and an engine that only lists what it is told.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { basisOf } from './caught-faults.ts'
import { type RunRecord, readSubject } from './run-record.ts'
import { candidate as candidateOf, list } from './sample-data.ts'

export interface Case {
  candidate?: Partial<RunRecord>
  /** In place of a candidate; empty for none. */
  text?: string
  /** Criteria seen red, and the basis to claim for it. */
  red?: string[]
  basis?: string
  /** Containers that the engine lists. */
  left?: unknown[]
  /** Text of a file that is not committed. */
  dirt?: string
  words?: string[]
}

export interface Sealed {
  exitCode: number
  stderr: string
  /** What is in signoff.json; undefined when there is none. */
  record: unknown
}

const root = mkdtempSync(join(tmpdir(), 'signoff-seal-'))
const ground = join(root, 'ground')
const RUN = '0123abcd'

/** A container of the run that is sealed. */
export const leftover = { Id: 'x', Names: ['/left'], Labels: { 'hma.run': RUN } }

export function layGround(): void {
  mkdirSync(join(ground, 'docs'), { recursive: true })
  mkdirSync(join(ground, 'specs'))
  const sentences = list.criteria.map(({ id, sentence }) => `- ${id} ${sentence}`)
  const text = ['### B1 People', '### C1 Roles', ...sentences, ''].join('\n')
  writeFileSync(join(ground, 'docs/acceptance.md'), text)
  writeFileSync(join(ground, 'specs/all.spec.ts'), '// proofs')
  writeFileSync(join(ground, '.gitignore'), '.signoff/\n')
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'all')
}

export function clearGround(): void {
  rmSync(root, { recursive: true })
}

/** Seals what a run would have left, as a process, and tells how it ended. */
export async function seal({ words = [], left = [], ...given }: Case): Promise<Sealed> {
  const folder = prepare(given)
  await using engine = await openEngine(left)
  const env = { ...process.env, DOCKER_HOST: engine.dockerHost, TMPDIR: root }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'seal.ts'), ...words], {
    cwd: folder,
    env,
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [exitCode] = await once(child, 'close')
  const sealed = join(folder, '.signoff/signoff.json')
  return {
    exitCode,
    stderr,
    record: existsSync(sealed) ? JSON.parse(readFileSync(sealed, 'utf8')) : undefined,
  }
}

function prepare({ candidate = {}, text, red, basis, dirt }: Omit<Case, 'words' | 'left'>): string {
  const folder = mkdtempSync(join(root, 'case-'))
  cpSync(ground, folder, { recursive: true })
  mkdirSync(join(folder, '.signoff'))
  const subject = inFolder(folder, readSubject)
  const written = text ?? JSON.stringify(candidateOf({ subject, ...candidate }))
  if (written !== '') writeFileSync(join(folder, '.signoff/candidate.json'), written)
  writeFileSync(join(folder, '.signoff/red.json'), JSON.stringify(inFolder(folder, () => redOf(red, basis))))
  writeFileSync(join(folder, '.signoff/environment.json'), JSON.stringify({ run: RUN }))
  if (dirt !== undefined) writeFileSync(join(folder, 'note'), dirt)
  return folder
}

async function openEngine(containers: unknown[]): Promise<AsyncDisposable & { dockerHost: string }> {
  const answers: Record<string, unknown> = { containers, networks: [], volumes: { Volumes: [] } }
  const server: Server = createServer(({ url = '' }, reply) => {
    reply.setHeader('content-type', 'application/json')
    reply.end(JSON.stringify(answers[/^\/(\w+)/.exec(url)?.[1] ?? ''] ?? {}))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    dockerHost: `tcp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

function redOf(ids = list.criteria.map(({ id }) => id), basis?: string): Record<string, unknown> {
  const files = ['specs/all.spec.ts']
  const entries = list.criteria
    .filter(({ id }) => ids.includes(id))
    .map(({ id, sentence }) => {
      const entry = { criterion: id, description: 'gone', caughtBy: id, files, at: '' }
      return [`${id}/gone`, { ...entry, basis: basis ?? basisOf(sentence, files) }]
    })
  return Object.fromEntries(entries)
}

/** What the sign-off reads, it reads relative to where it runs. */
function inFolder<T>(folder: string, work: () => T): T {
  const here = process.cwd()
  process.chdir(folder)
  try {
    return work()
  } finally {
    process.chdir(here)
  }
}

/** Without the developer's own configuration, which may want to sign commits. */
function git(...parts: string[]): void {
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  execFileSync('git', [...author, ...parts], { cwd: ground, env })
}
