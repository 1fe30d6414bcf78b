// The seal as a process, in a repository of its own, before an engine that only lists what it is told to.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { basisOf } from '../faults/red.ts'
import { candidate as candidateOf, judged, list } from './fixtures.ts'
import { type Candidate, readSubject } from './record.ts'

const root = mkdtempSync(join(tmpdir(), 'signoff-seal-'))
const ground = join(root, 'ground')
const abandoned = { Id: 'x', Names: ['/left'], Labels: { 'hma.run': '0123abcd' } }

const emptyEngine = engineWith([])
const leakyEngine = engineWith([abandoned])

beforeAll(async () => {
  await Promise.all(
    [emptyEngine, leakyEngine].map((engine) => once(engine.listen(0, '127.0.0.1'), 'listening')),
  )
  mkdirSync(join(ground, 'docs'), { recursive: true })
  mkdirSync(join(ground, 'specs'))
  const sentences = list.criteria.map(({ id, sentence }) => `- ${id} ${sentence}`)
  writeFileSync(
    join(ground, 'docs/acceptance.md'),
    ['### B1 People', '### C1 Roles', ...sentences, ''].join('\n'),
  )
  writeFileSync(join(ground, 'specs/all.spec.ts'), '// proofs')
  writeFileSync(join(ground, '.gitignore'), '.signoff/\n')
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'all')
})

afterAll(() => {
  emptyEngine.close()
  leakyEngine.close()
  rmSync(root, { recursive: true })
})

const all = list.criteria.map(({ id }) => id)
const proven = all.map((id) => judged(id, 'proven'))

describe.concurrent('the seal ends with', { timeout: 30_000 }, () => {
  test('0 for a full run, all proven and seen red, on a clean tree', async ({ expect }) => {
    const { exitCode, record } = await seal({})

    expect(exitCode).toBe(0)
    expect(record).toMatchObject({
      verdict: 'ACCEPTED',
      reasons: [],
      seenRed: { 'B1.1.1/gone': { breaks: 'gone' } },
    })
  })

  test('0 for all there is so far, which it does not accept', async ({ expect }) => {
    const judgedSoFar = [...proven.slice(1), judged('B1.1.1', 'missing')]

    const { exitCode, record } = await seal({ candidate: { judged: judgedSoFar }, words: ['--so-far'] })

    expect(exitCode).toBe(0)
    expect(record).toMatchObject({ verdict: 'SCOPED' })
  })

  test('1 for a broken criterion', async ({ expect }) => {
    const { exitCode, record } = await seal({ candidate: { judged: [judged('B1.1.1', 'broken', 'failed')] } })

    expect(exitCode).toBe(1)
    expect(record).toMatchObject({ verdict: 'REJECTED', reasons: ['broken: B1.1.1'] })
  })

  test('2 for an objection to the contract', async ({ expect }) => {
    const objections = [{ against: 'contract', why: 'no such criterion: X1.1.1' }] as const

    expect((await seal({ candidate: { objections: [...objections] } })).exitCode).toBe(2)
  })

  test('2 for a missing criterion', async ({ expect }) => {
    expect(
      (await seal({ candidate: { judged: [...proven.slice(1), judged('B1.1.1', 'missing')] } })).exitCode,
    ).toBe(2)
  })

  test('2 for a criterion never seen red', async ({ expect }) => {
    const { exitCode, record } = await seal({ red: ['B1.1.1'] })

    expect(exitCode).toBe(2)
    expect(record).toMatchObject({ reasons: ['never seen red: B1.1.2 C1.0.1'] })
  })

  test('2 for a criterion that was seen red by another spec than today', async ({ expect }) => {
    expect((await seal({ basis: 'of yesterday' })).exitCode).toBe(2)
  })

  test('2 for an unknown option', async ({ expect }) => {
    const { exitCode, stderr } = await seal({ words: ['--sofar'] })

    expect(exitCode).toBe(2)
    expect(stderr).toContain('--sofar')
  })

  test('3 for what the run left on the engine, which it removes', async ({ expect }) => {
    const { exitCode, record } = await seal({ engine: leakyEngine })

    expect(exitCode).toBe(3)
    expect(record).toMatchObject({ reasons: ['left behind: container left'] })
  })

  test.for([
    ['a run that did not end', { state: 'INCOMPLETE' }],
    ['a run of another commit', { subject: { commit: 'other', tree: 't', clean: true } }],
    ['a run of another list', { listHash: 'other' }],
  ] as const)('3 for %s, without a record', async ([, but], { expect }) => {
    const { exitCode, record, stderr } = await seal({ candidate: but })

    expect(exitCode).toBe(3)
    expect(record).toBeUndefined()
    expect(stderr).toContain('Next: scripts/accept.sh')
  })

  test.for([
    ['without a run', ''],
    ['with half a candidate', '{"state": "COMP'],
  ] as const)('3 %s', async ([, text], { expect }) => {
    expect((await seal({ text })).exitCode).toBe(3)
  })

  test('4 for a scoped run', async ({ expect }) => {
    const { exitCode, record } = await seal({ candidate: { scope: 'scoped' } })

    expect(exitCode).toBe(4)
    expect(record).toMatchObject({ verdict: 'SCOPED' })
  })

  test('4 for a tree that is not clean', async ({ expect }) => {
    const { exitCode, record } = await seal({ dirt: 'a note' })

    expect(exitCode).toBe(4)
    expect(record).toMatchObject({ reasons: ['the tree is not clean'] })
  })

  test('124 for specs that ran out of time', async ({ expect }) => {
    expect(
      (await seal({ candidate: { state: 'INCOMPLETE' }, words: ['--specs-exit', '124'] })).exitCode,
    ).toBe(124)
  })
})

interface Case {
  candidate?: Partial<Candidate>
  /** In place of a candidate; empty for none. */
  text?: string
  red?: string[]
  basis?: string
  engine?: Server
  dirt?: string
  words?: string[]
}

async function seal({
  candidate = {},
  text,
  red = all,
  basis,
  engine = emptyEngine,
  dirt,
  words = [],
}: Case) {
  const folder = mkdtempSync(join(root, 'case-'))
  cpSync(ground, folder, { recursive: true })
  mkdirSync(join(folder, '.signoff'))
  const subject = inFolder(folder, readSubject)
  const written = text ?? JSON.stringify(candidateOf({ subject, ...candidate }))
  if (written !== '') writeFileSync(join(folder, '.signoff/candidate.json'), written)
  writeFileSync(join(folder, '.signoff/red.json'), JSON.stringify(inFolder(folder, () => redOf(red, basis))))
  writeFileSync(join(folder, '.signoff/environment.json'), '{"run": "0123abcd"}')
  if (dirt !== undefined) writeFileSync(join(folder, 'note'), dirt)
  const ended = await run(folder, words, engine)
  const sealed = join(folder, '.signoff/signoff.json')
  return { ...ended, record: existsSync(sealed) ? JSON.parse(readFileSync(sealed, 'utf8')) : undefined }
}

async function run(
  cwd: string,
  words: string[],
  engine: Server,
): Promise<{ exitCode: number; stderr: string }> {
  const { port } = engine.address() as AddressInfo
  const env = { ...process.env, DOCKER_HOST: `tcp://127.0.0.1:${port}`, TMPDIR: root }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'seal.ts'), ...words], { cwd, env })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [exitCode] = await once(child, 'close')
  return { exitCode, stderr }
}

function engineWith(containers: unknown[]): Server {
  return createServer(({ url = '' }, reply) => {
    const answers: Record<string, unknown> = { containers, networks: [], volumes: { Volumes: [] } }
    reply.setHeader('content-type', 'application/json')
    reply.end(JSON.stringify(answers[/^\/(\w+)/.exec(url)?.[1] ?? ''] ?? {}))
  })
}

function redOf(ids: string[], basis?: string): Record<string, unknown> {
  const files = ['specs/all.spec.ts']
  const entries = list.criteria
    .filter(({ id }) => ids.includes(id))
    .map(({ id, sentence }) => {
      const entry = { criterion: id, breaks: 'gone', caughtBy: id, files, at: '' }
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

function git(...parts: string[]): void {
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  execFileSync('git', [...author, ...parts], { cwd: ground })
}
