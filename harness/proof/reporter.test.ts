// Every known way to a false green, as real Vitest runs with the project's own configuration and without a stack.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { ROOT as project } from '../../config/root.ts'
import type { RunRecord } from './run-record.ts'

const root = mkdtempSync(join(tmpdir(), 'signoff-reporter-'))
const head =
  "import { afterAll, beforeAll, describe, expect, test } from 'vitest'\nconst pass = () => expect(1).toBe(1)\n"

describe.concurrent('the reporter', { timeout: 60_000 }, () => {
  test('calls a criterion proven if its tests ran and passed, and nothing else that looks green', async ({
    expect,
  }) => {
    const { exitCode, verdicts } = await run({
      'marks.spec.ts': `
        test('B1.1.1 passes', pass)
        describe('nested', () => describe('deeper', () => test('B1.1.2 passes', pass)))
        test.skip('B1.1.3 is skipped', pass)
        test.todo('B1.1.4 is to do')
        test.fails('B1.1.5 is expected to fail', () => expect(1).toBe(2))
        let attempts = 0
        test('B1.1.6 passes at the second attempt', { retry: 1 }, () => expect(++attempts).toBe(2))
        test('B1.1.7 skips itself', (context) => context.skip('not today'))
        test('B1.1.8 one of two titles passes', pass)
        test('B1.1.8 the other fails', () => expect(1).toBe(2))
        test('B1.1.9 asserts nothing', () => {})
        describe.skip('all of it', () => test('B1.1.10 is in a skipped suite', pass))
        test.skipIf(true)('B1.1.11 is skipped on a condition', pass)
        test.for([])('B1.1.12 has no row', pass)`,
      'after.spec.ts': `test('B1.2.1 passes', pass)\nafterAll(() => { throw new Error('boom') })`,
      'nested-after.spec.ts': `describe('inside', () => { test('B1.2.2 passes', pass)\nafterAll(() => { throw new Error('boom') }) })`,
      'before.spec.ts': `beforeAll(() => { throw new Error('boom') })\ntest('B1.2.3 passes', pass)`,
      'import.spec.ts': `import './nowhere.ts'\ntest('B1.2.4 passes', pass)`,
      'only.spec.ts': `test.only('B1.2.6 passes alone', pass)`,
      'empty.spec.ts': `// 'B1.2.5 is only mentioned'`,
    })

    expect(exitCode).toBe(1)
    const { 'B1.1.1': plain, 'B1.1.2': nested, 'B1.1.12': rowless, ...others } = verdicts
    expect([plain, nested, rowless]).toEqual(['proven', 'proven', 'missing'])
    expect(Object.values(others)).toEqual(Array(15).fill('broken'))
  })

  test('lets a full green run pass', async ({ expect }) => {
    const { exitCode, record, verdicts } = await run({ 'green.spec.ts': `test('B1.1.1 passes', pass)` })

    expect(exitCode).toBe(0)
    expect(record).toMatchObject({ state: 'COMPLETE', scope: 'full', objections: [] })
    expect(verdicts['B1.1.1']).toBe('proven')
  })

  test('fails a run that Vitest finds green', async ({ expect }) => {
    const { exitCode } = await run({
      'marked.spec.ts': `test.fails('B1.1.1 fails', () => expect(1).toBe(2))`,
    })

    expect(exitCode).toBe(1)
  })

  test('fails a run with a number that is not in the list', async ({ expect }) => {
    const { exitCode, record, verdicts } = await run({
      'unknown.spec.ts': `test('B1.1.1 passes', pass)\ntest('B1.9.9 passes', pass)`,
    })

    expect(exitCode).toBe(2)
    expect(record?.objections).toEqual([{ against: 'contract', why: 'no such criterion: B1.9.9 passes' }])
    expect(verdicts['B1.1.1']).toBe('proven')
  })

  test('proves no criterion with a test that a name filter left out', async ({ expect }) => {
    const files = {
      'one.spec.ts': `test('B1.1.1 passes', pass)\ntest('B1.1.1 passes too', pass)\ntest('B1.1.2 passes', pass)`,
    }

    const { exitCode, record, verdicts } = await run(files, '-t', 'B1.1.1 passes too|B1.1.2')

    expect(exitCode).toBe(0)
    expect(record?.scope).toBe('scoped')
    expect(verdicts).toMatchObject({ 'B1.1.1': 'missing', 'B1.1.2': 'proven' })
  })

  test.for([
    ['a file', ['specs/one']],
    ['an exclusion', ['--exclude', 'specs/two.spec.ts']],
  ] as const)('proves no criterion of which %s leaves out a file', async ([, words], { expect }) => {
    const files = {
      'one.spec.ts': `test('B1.1.1 passes', pass)\ntest('B1.1.2 passes', pass)`,
      'two.spec.ts': `test('B1.1.1 passes here too', pass)\ntest('B1.1.2 passes here too', pass)`,
    }

    const { record, verdicts } = await run(files, ...words)

    expect(record?.scope).toBe('scoped')
    expect(verdicts).toMatchObject({ 'B1.1.1': 'missing', 'B1.1.2': 'missing' })
  })

  test('proves nothing where an error belongs to no test', async ({ expect }) => {
    const { exitCode, record, verdicts } = await run({
      'loose.spec.ts': `test('B1.1.1 passes', async () => { pass(); Promise.reject(new Error('loose')); await new Promise(setImmediate) })`,
    })

    expect(exitCode).toBe(1)
    expect(record?.objections).toEqual([{ against: 'environment', why: 'error outside of tests: loose' }])
    expect(verdicts['B1.1.1']).toBe('broken')
  })

  test('proves nothing where a worker was lost', async ({ expect }) => {
    const { exitCode, verdicts } = await run({
      'lost.spec.ts': `test('B1.1.1 passes', pass)\ntest('B1.1.2 is lost', () => { pass(); process.kill(process.pid, 'SIGKILL') })`,
    })

    expect(exitCode).toBe(1)
    expect(verdicts).toMatchObject({ 'B1.1.1': 'broken', 'B1.1.2': 'broken' })
  })

  test('objects to a failed test without a number', async ({ expect }) => {
    const { record, verdicts } = await run({
      'unnumbered.spec.ts': `test('B1.1.1 passes', pass)\ntest('each test stands alone', () => expect(1).toBe(2))`,
    })

    expect(record?.objections).toEqual([
      { against: 'environment', why: 'a test without a number failed: each test stands alone' },
    ])
    expect(verdicts['B1.1.1']).toBe('proven')
  })

  test('ends with each failed test, its file and the beginning of what was found', async ({ expect }) => {
    const { stdout } = await run({
      'failed.spec.ts': `test('B1.1.1 passes', pass)\ntest('B1.1.2 compares', () => expect([...Array(40).keys()]).toEqual(['none']))`,
    })

    const [, end = ''] = stdout.split('left out of this run\n')
    const lines = end.trim().split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'failed: B1.1.2 compares',
      '  specs/failed.spec.ts',
      "  expected [ Array(40) ] to deeply equal [ 'none' ]",
    ])
    expect(lines).toContain('  -   "none",')
    expect(lines).toHaveLength(15)
  })

  test('leaves an incomplete record where no test was found', async ({ expect }) => {
    const { exitCode, verdicts } = await run({})

    expect(exitCode).toBe(1)
    expect(Object.values(verdicts)).not.toContain('proven')
  })

  test('ends with one line where the list is not valid', async ({ expect }) => {
    const folder = prepare({ 'green.spec.ts': `test('B1.1.1 passes', pass)` })
    writeFileSync(join(folder, 'docs/acceptance.md'), '### B1 People\n- B1.1.1 One.\n- B1.1.1 Again.\n')

    const { exitCode, stderr } = await start(folder, [])

    expect(exitCode).toBe(2)
    expect(stderr).toContain('B1.1.1 is used twice. (docs/acceptance.md:3) Next: correct that line.')
  })
})

const numbers = [...Array(12).keys()]
  .map((n) => `B1.1.${n + 1}`)
  .concat([1, 2, 3, 4, 5, 6].map((n) => `B1.2.${n}`))

async function run(specs: Record<string, string>, ...words: string[]) {
  const folder = prepare(specs)
  const ended = await start(folder, words)
  const path = join(folder, '.signoff/run.json')
  const record = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunRecord) : undefined
  const verdicts = Object.fromEntries((record?.criteria ?? []).map(({ id, verdict }) => [id, verdict]))
  return { ...ended, record, verdicts }
}

/** A project with these specs and nothing else of its own: configuration and harness are ours. */
function prepare(specs: Record<string, string>): string {
  const folder = mkdtempSync(join(root, 'case-'))
  for (const name of ['docs', 'specs']) mkdirSync(join(folder, name))
  for (const name of ['node_modules', 'harness']) symlinkSync(join(project, name), join(folder, name))
  // Not a link, because the configuration runs in the folder that it lies in.
  copyFileSync(join(project, 'vitest.config.ts'), join(folder, 'vitest.config.ts'))
  const list = ['### B1 People', ...numbers.map((id) => `- ${id} It holds.`), '']
  writeFileSync(join(folder, 'docs/acceptance.md'), list.join('\n'))
  writeFileSync(join(folder, 'specs/global-setup.ts'), 'export default () => {}\n')
  for (const [name, text] of Object.entries(specs)) writeFileSync(join(folder, 'specs', name), head + text)
  return folder
}

async function start(
  cwd: string,
  words: string[],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const vitest = join(project, 'node_modules/vitest/vitest.mjs')
  const parts = [vitest, 'run', '--project', 'acceptance', '--maxWorkers=1', '--root', cwd, ...words]
  const env = { ...process.env, VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined }
  const child = spawn(process.execPath, parts, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [exitCode] = await once(child, 'close')
  return { exitCode, stdout, stderr }
}
