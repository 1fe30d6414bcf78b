import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAfterApply, readMigrations, readPrelude } from './files.ts'

/** A folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hma-migrations-'))
  for (const [file, sql] of Object.entries(files)) writeFileSync(join(folder, file), sql)
  return folder
}

const pair = (up: string, down = 'select 1;', name = '0001_photos') =>
  folderOf({ [`${name}.up.sql`]: up, [`${name}.down.sql`]: down })

test('a migration is read with its directives', () => {
  const folder = pair('-- 0001 photos\n-- needs:  0000\n-- opt-in: rls\n-- Why: because.\nselect 1;')

  expect(readMigrations(folder)).toMatchObject([
    { name: '0001_photos', number: '0001', transactional: true, optIn: 'rls' },
  ])
})

test('migrations are in order of their numbers, and other files are left out', () => {
  const one = { '0010_b.up.sql': 'select 1', '0010_b.down.sql': 'select 1' }
  const two = { '0009_z.up.sql': 'select 1', '0009_z.down.sql': 'select 1' }
  const folder = folderOf({
    ...one,
    ...two,
    'roles.sql': '',
    'access.sql': '',
    'database.sql': '',
    'schema.sql': '',
    'after-apply.sql': '',
    'README.md': '',
  })

  expect(readMigrations(folder).map(({ name }) => name)).toEqual(['0009_z', '0010_b'])
})

test('the checksum covers both directions', () => {
  const [one] = readMigrations(pair('select 1;', 'select 2;'))
  const [edited] = readMigrations(pair('select 1;', 'select 2; '))

  expect(one?.checksum).not.toBe(edited?.checksum)
})

test.for([
  ['a missing down', { '0001_a.up.sql': 'select 1' }, '0001_a.down.sql'],
  ['a missing up', { '0001_a.down.sql': 'select 1' }, '0001_a.up.sql'],
  ['a name in capitals', { '0001_A.up.sql': '' }, '0001_A.up.sql'],
  ['a name without number', { 'photos.sql': '' }, 'photos.sql'],
  ['a number of three digits', { '001_a.up.sql': '' }, '001_a.up.sql'],
  [
    'a number used twice',
    { '0001_a.up.sql': '1', '0001_a.down.sql': '1', '0001_b.up.sql': '1', '0001_b.down.sql': '1' },
    '0001_b.up.sql',
  ],
] as const)('%s is refused, and the error names the file', ([, files, file]) => {
  expect(() => readMigrations(folderOf(files))).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file } }),
  )
})

test.for([
  ['an empty up', '-- 0001 photos\n', 'select 1;', 'up'],
  ['an empty down', 'select 1;', '-- 0001 photos\n', 'down'],
  ['an up that commits', 'select 1; commit;', 'select 1;', 'up'],
  ['a down that commits', 'select 1;', 'select 1; commit;', 'down'],
  ['a misspelt directive', '-- optin: rls\nselect 1;', 'select 1;', 'up'],
  ['a group without a name', '-- opt-in:\nselect 1;', 'select 1;', 'up'],
  ['another role', '-- run-as: login\nselect 1;', 'select 1;', 'up'],
  ['two statements without a transaction', '-- no-transaction\nselect 1; select 2;', 'select 1;', 'up'],
  ['a statement that cannot be resumed', '-- no-transaction\nvacuum auth.users;', 'select 1;', 'up'],
  [
    'an index without the schema of its table',
    '-- no-transaction\ncreate index concurrently a on users (id);',
    'drop index concurrently auth.a;',
    'up',
  ],
  [
    'an index whose drop is not concurrent',
    '-- no-transaction\ncreate index concurrently a on auth.users (id);',
    'drop index auth.a;',
    'down',
  ],
] as const)('%s is refused, and the error names the file', ([, up, down, way]) => {
  expect(() => readMigrations(pair(up, down))).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: `0001_photos.${way}.sql` } }),
  )
})

test('a directive has no effect below the header', () => {
  const folder = pair('-- 0001 photos\nselect 1;\n-- opt-in: rls\n')

  expect(readMigrations(folder)).toMatchObject([{ optIn: null }])
})

test('a folder that does not exist is refused', () => {
  expect(() => readMigrations('/nowhere')).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('after-apply.sql is optional and may not end its transaction', () => {
  const folder = folderOf({ 'after-apply.sql': 'select 1; commit;' })

  expect(readAfterApply(folderOf({}))).toBeNull()
  expect(() => readAfterApply(folder)).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: 'after-apply.sql' } }),
  )
})

test.for([
  ['roles.sql', {}],
  ['access.sql', { 'roles.sql': '' }],
  ['database.sql', { 'roles.sql': '', 'access.sql': '' }],
] as const)('a folder without %s is refused', ([file, files]) => {
  expect(() => readPrelude(folderOf(files))).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file } }),
  )
})
