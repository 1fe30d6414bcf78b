// The rules of docs/architecture.md and CONTRIBUTING.md that can be checked by reading files. Keep the list short.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'
import { cyclesIn, filesOf, folderAt, forbiddenIn, importsOf } from './imports.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const files = (...patterns: string[]) => filesOf(ROOT, ...patterns)
const imports = importsOf(ROOT)
const STARTER = 'harness/containers/container.ts'

test('the imports of the project are found', () => {
  expect(imports.length).toBeGreaterThan(1000)
})

test('imports point down the layers, and into the harness through its entry points', () => {
  expect(forbiddenIn(imports)).toEqual([])
})

test('no files import each other in a circle', () => {
  expect(cyclesIn(imports)).toEqual([])
})

test.for([1, 2, 3])('no folders import each other in a circle, at depth %i', (depth) => {
  expect(cyclesIn(imports, folderAt(depth))).toEqual([])
})

test('what ships does not name harness/ or specs/', () => {
  const folders = ['stack', 'ops', 'migrations', 'seeds', 'ml-stub', 'config', 'docker', 'scripts', '.ci']
  const found = files(...folders).filter(
    (file) =>
      !/\.test\.ts$|\.md$/.test(file) && /(?<![\w-])(?:harness|specs)\/[a-z]+[\w/-]*\.ts/.test(read(file)),
  )

  // The sign-off is no part of what ships.
  expect(found).toEqual(['scripts/accept.sh'])
})

test('every up has a down, and no number is used twice', () => {
  const ups = files('migrations/*.up.sql').sort()
  const numbers = ups.map((file) => file.slice('migrations/'.length, 'migrations/NNNN'.length))

  expect(ups.map((file) => file.replace('.up.', '.down.'))).toEqual(files('migrations/*.down.sql').sort())
  expect(new Set(numbers).size).toBe(ups.length)
})

test('the four questions are answered for every criterion', () => {
  const criteria = [...read('docs/acceptance.md').matchAll(/^- ([A-H]\d\.\d+\.\d+) /gm)].map(([, id]) => id)
  const rows = [...read('docs/four-questions.md').matchAll(/^\| ([A-H]\d\.\d+\.\d+) (?:\|[^|]+){4}\|$/gm)]

  expect(rows.map(([, id]) => id)).toEqual(criteria)
})

test('the harness knows no product noun', () => {
  const nouns =
    /\b(?:auth|audit|ml|ops)\.[a-z_]+\b|hma_(?:app|owner|ml)|analytics_reader|users_|\bhma-(?:backups|archive)\b/g
  const found = files('harness/*.ts', 'harness/*.sql')
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(file).matchAll(nouns)].map(([noun]) => `${file}: ${noun}`))

  expect(found).toEqual([])
})

test('containers of the harness are those of the modules, are never pulled, and are waited for by us every 20 ms', () => {
  const made = files('harness/*.ts').flatMap((file) =>
    [...read(file).matchAll(/new (\w+Container)\(/g)].map(([, name]) => `${file}: ${name}`),
  )
  const [, configured = ''] = /return container\n((?: {4}\.\w.*\n)+)/.exec(read(STARTER)) ?? []

  expect(made).toEqual([
    'harness/containers/object-store.ts: MinioContainer',
    'harness/containers/postgres.ts: PostgreSqlContainer',
    'harness/containers/redis.ts: RedisContainer',
    'harness/containers/test-container.ts: GenericContainer',
    'harness/containers/web-service.ts: GenericContainer',
  ])
  // A module sets a strategy and a limit in its constructor, so ours come after it, the limit last.
  expect(configured).toMatch(/\.withPullPolicy\(PullPolicy\.neverPull\(\)\)\n/)
  expect(configured).toMatch(/\.withWaitStrategy\(waitFor\(.*\n {4}\.withStartupTimeout\(BOOT_WITHIN_MS\)\n$/)
  expect(read(STARTER)).toContain('const POLL_MS = 20\n')
  expect(read('harness/containers/test-container.ts')).toContain('.withPullPolicy(PullPolicy.neverPull())')
})

test('no spec is skipped, repeated or made to wait', () => {
  const found = files('specs/*.ts').filter((file) =>
    /\.(?:only|skip|todo|fails)\b|\bretry\b|\bsetTimeout\b|waitForTimeout|timers\/promises/.test(read(file)),
  )

  expect(found).toEqual([])
})

test('git is started by config/git.ts, and by the doctor, without the variables of a hook', () => {
  const starters = files('*.ts').filter((file) => /(?:exec\w*|spawn\w*|run\w+)\(\s*'git'/.test(read(file)))

  expect(starters.filter((file) => !file.startsWith('stack/doctor/'))).toEqual(['config/git.ts'])
})

test('the unit tests are those of all folders', () => {
  const folders = files('*.test.ts').map((file) => file.split('/')[0])
  const [, named = ''] = /const FOLDERS = '(.*)'/.exec(read('vitest.config.ts')) ?? []

  expect(named.split(',')).toEqual(expect.arrayContaining(folders))
})

test('no spec overrides a fixture for the files after it', () => {
  const found = files('specs/*.spec.ts').filter((file) => /^\S.*\.override\(/m.test(read(file)))

  expect(found).toEqual([])
})

test('every spec file with a criterion has its faults beside it', () => {
  const specs = files('specs/*.spec.ts').filter((file) => /test[^\n]*\(\s*['`][A-H]\d\.\d/.test(read(file)))
  const faults = new Set(files('specs/*.faults.ts'))

  expect(specs.filter((file) => !faults.has(file.replace('.spec.', '.faults.')))).toEqual([])
})

test('a quoted number in a spec is the title of a test', () => {
  const found = files('specs/*.spec.ts').flatMap((file) =>
    [...read(file).matchAll(/['"`][A-H]\d+\.\d+\.\d+[\s'"`]/g)]
      .filter(({ index }) => !/[)t]\(\s*$/.test(read(file).slice(0, index)))
      .map(([text]) => `${file}: ${text}`),
  )

  expect(found).toEqual([])
})

test('no committed file names a package registry or a path of one machine', () => {
  const forbidden = new RegExp(
    ['registry.npmjs', 'proxy.golang', 'deb.debian', 'pypi'].map((host) => `${host}.org`).join('|'),
  )
  const paths = new RegExp(`/${'work'}/|/${'root'}/`)
  const found = files('.').filter((file) => forbidden.test(read(file)) || paths.test(read(file)))

  expect(found).toEqual([])
})
