// The checks of the layout, seen red on small graphs.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git } from '../../config/git.ts'
import { cyclesIn, filesOf, folderAt, forbiddenIn, type Import, importsOf, listFiles } from './imports.ts'

test('the files of a project are those that Git lists, whatever their names, without other checkouts inside of it', () => {
  const root = mkdtempSync(join(tmpdir(), 'hma-files-'))
  for (const folder of ['.', 'inner']) {
    mkdirSync(join(root, folder), { recursive: true })
    git(join(root, folder), 'init', '--quiet')
    writeFileSync(join(root, folder, 'prüfung "1".md'), '')
  }
  symlinkSync('nowhere', join(root, 'link'))

  const found = [filesOf(root, '.'), listFiles(root, '.').sort()]

  expect(found).toEqual([['prüfung "1".md'], ['link', 'prüfung "1".md']])
})

test('every form of an import of a file of the project is found, and no other', () => {
  const root = mkdtempSync(join(tmpdir(), 'hma-imports-'))
  git(root, 'init', '--quiet')
  mkdirSync(join(root, 'lower'))
  const forms = [
    `import { a } from './a.ts'`,
    `import type { b } from './b.ts'`,
    `import {\n  c,\n} from './lower/c.ts'`,
    `export { d } from './d.ts'`,
    `import './e.ts'`,
    `const f = await import('./f.ts')`,
    `const g = await import(resolve('g.ts'))`,
    `const h = await import(\n  join(ROOT, 'lower/h.ts'),\n)`,
    `import { join } from 'node:path'`,
    `import missing from './missing.ts'`,
  ]
  for (const file of ['a', 'b', 'lower/c', 'd', 'e', 'f', 'g', 'lower/h'])
    writeFileSync(join(root, `${file}.ts`), '')
  writeFileSync(join(root, 'all.ts'), forms.join('\n'))

  expect(importsOf(root).map(([, to]) => to)).toEqual([
    ...['a.ts', 'b.ts', 'lower/c.ts', 'd.ts', 'e.ts', 'f.ts'],
    ...['g.ts', 'lower/h.ts'],
  ])
})

test('files that import each other in a circle are a cycle, one that imports them is none of it', () => {
  const imports: Import[] = [
    ['stack/a.ts', 'stack/b.ts'],
    ['stack/b.ts', 'stack/c.ts'],
    ['stack/c.ts', 'stack/a.ts'],
    ['stack/d.ts', 'stack/a.ts'],
  ]

  expect(cyclesIn(imports)).toEqual([['stack/a.ts', 'stack/b.ts', 'stack/c.ts']])
})

test('folders can be in a cycle whose files are in none', () => {
  const imports: Import[] = [
    ['harness/broker/a.ts', 'harness/postgres/b.ts'],
    ['harness/postgres/c.ts', 'harness/broker/d.ts'],
  ]

  expect(cyclesIn(imports)).toEqual([])
  expect(cyclesIn(imports, folderAt(1))).toEqual([])
  expect(cyclesIn(imports, folderAt(2))).toEqual([['harness/broker', 'harness/postgres']])
})

test("a folder's own files count as that folder", () => {
  const imports: Import[] = [
    ['harness/index.ts', 'harness/broker/a.ts'],
    ['harness/broker/a.ts', 'harness/setup.ts'],
  ]

  expect(cyclesIn(imports, folderAt(2))).toEqual([['harness', 'harness/broker']])
})

test.for<Import>([
  ['stack/setup/main.ts', 'config/root.ts'],
  ['specs/stack-definition.ts', 'harness/setup.ts'],
  ['specs/b1.spec.ts', 'specs/vocabulary/people.ts'],
  ['bench/leases.ts', 'specs/stack-definition.ts'],
])('%s may import %s', (one) => {
  expect(forbiddenIn([one])).toEqual([])
})

test.for<Import>([
  ['config/root.ts', 'stack/setup/main.ts'],
  ['stack/setup/main.ts', 'harness/setup.ts'],
  ['seeds/load.ts', 'specs/stack-definition.ts'],
  ['seeds/load.ts', 'migrations/runner/main.ts'],
  ['specs/b1.spec.ts', 'harness/broker/client.ts'],
  ['bench/leases.ts', 'harness/broker/client.ts'],
  ['bench/leases.ts', 'specs/vocabulary/people.ts'],
  ['stack/setup/main.ts', 'elsewhere/file.ts'],
  ['elsewhere/file.ts', 'config/root.ts'],
])('%s may not import %s', (one) => {
  expect(forbiddenIn([one])).toEqual([one])
})
