// The laws of the house, as tests. A rule that is not a test is a wish, so the list stays short.
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string) => readFileSync(file, 'utf8')
const files = (pattern: string) =>
  globSync(pattern, { exclude: ['node_modules/**', '.hma/**', '.vitest/**'] })
const importsOf = (file: string) =>
  [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '')

test('specs reach the harness through its doors alone', () => {
  const outside = files('specs/**/*.ts').flatMap((file) =>
    importsOf(file)
      .filter((path) => path.startsWith('..') && !/(?:^|\/)harness\/(?:index|setup)\.ts$/.test(path))
      .map((path) => `${file} imports ${path}`),
  )

  expect(outside).toEqual([])
})

test.for([
  'migrations/runner',
  'seeds',
  'backup',
  'ml-stub',
  'audit',
  'environment',
  'doctor',
  'setup',
  'smoke',
])('%s imports nothing of the other rooms', (room) => {
  const strangers = files(`${room}/**/*.ts`).flatMap((file) =>
    importsOf(file)
      .filter((path) => /(?:^|\/)(?:harness|specs|ml-stub|seeds|backup|migrations|audit)\//.test(path))
      .map((path) => `${file} imports ${path}`),
  )

  expect(strangers).toEqual([])
})

test('every up has a down, and no number is used twice', () => {
  const ups = files('migrations/*.up.sql').sort()
  const numbers = ups.map((file) => file.slice('migrations/'.length, 'migrations/NNNN'.length))

  expect(ups.map((file) => file.replace('.up.', '.down.'))).toEqual(files('migrations/*.down.sql').sort())
  expect(new Set(numbers).size).toBe(ups.length)
})

test('the harness knows no product noun', () => {
  const nouns = /\b(?:auth|audit|ml|ops)\.[a-z_]+\b|hma_(?:app|owner|ml)|analytics_reader|users_/
  const spoken = files('harness/**/*.ts')
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(file).matchAll(new RegExp(nouns, 'g'))].map(([noun]) => `${file}: ${noun}`))

  expect(spoken).toEqual([])
})

test('no spec hides, repeats or sleeps', () => {
  const soft = /\.(?:only|skip|todo|fails)\b|\bretry\b|\bsetTimeout\b|waitForTimeout|timers\/promises/
  const found = files('specs/**/*.ts').filter((file) => soft.test(read(file)))

  expect(found).toEqual([])
})

test('no spec overrides a fixture for the files after it', () => {
  const found = files('specs/**/*.spec.ts').filter((file) => /^\S.*\.override\(/m.test(read(file)))

  expect(found).toEqual([])
})

test('every spec file has its faults beside it', () => {
  const proofs = files('specs/*.spec.ts').filter((file) => /test[^\n]*\(\s*['`][A-H]\d\.\d/.test(read(file)))
  const faults = new Set(files('specs/*.faults.ts'))

  expect(proofs.filter((file) => !faults.has(file.replace('.spec.', '.faults.')))).toEqual([])
})

test('a quoted number in a spec is the title of a test', () => {
  const strangers = files('specs/**/*.spec.ts').flatMap((file) =>
    [...read(file).matchAll(/['"`][A-H]\d+\.\d+\.\d+[\s'"`]/g)]
      .filter(({ index }) => !/[)t]\(\s*$/.test(read(file).slice(0, index)))
      .map(([text]) => `${file}: ${text}`),
  )

  expect(strangers).toEqual([])
})

test('no committed file names a package registry or a machine', () => {
  const registry = /registry\.npmjs\.org|proxy\.golang\.org|deb\.debian\.org|pypi\.org|\/work\/main|\/root\//
  const named = files(
    '{.ci,docker,docs,doctor,environment,harness,migrations,ml-stub,scripts,seeds,setup,smoke,specs}/**/*',
  )
    .concat('package.json', 'package-lock.json', 'README.md')
    .filter((file) => file !== 'harness/layout.test.ts' && isText(file) && registry.test(read(file)))

  expect(named).toEqual([])
})

function isText(file: string): boolean {
  try {
    return !read(file).includes('\0')
  } catch {
    return false
  }
}
