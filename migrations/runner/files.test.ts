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
  ['an ending in capitals', { '0001_a.up.SQL': '' }, '0001_a.up.SQL'],
  ['the backup of an editor', { '0001_a.up.sql~': '' }, '0001_a.up.sql~'],
  ['another ending', { '0001_a.up.psql': '' }, '0001_a.up.psql'],
  ['another file in capitals', { 'Roles.sql': '' }, 'Roles.sql'],
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

test.for([
  ['up', 'select 1;\ncommit;', 'select 1;'],
  ['down', 'select 1;', 'select 1;\ncommit;'],
] as const)('an %s that commits is refused, and the error names file and line', ([way, up, down]) => {
  expect(() => readMigrations(pair(up, down))).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: `0001_photos.${way}.sql`, line: 2 } }),
  )
})

test.for([
  '-- 0001 photos\n\n-- opt-in: rls\nselect 1;',
  '\n/* Licence: MIT */\n-- 0001 photos\n-- opt-in: rls\nselect 1;',
  '-- 0001 photos\r\n-- opt-in: rls\r\nselect 1;\r\n',
  '-- 0001 photos\n-- opt-in:rls  \nselect 1;',
])('a directive counts anywhere above the first statement: %j', (up) => {
  expect(readMigrations(pair(up))).toMatchObject([{ optIn: 'rls' }])
})

test.for([
  ...[
    '-- optin: rls',
    '-- Opt-In: rls',
    '--opt-in: rls',
    '--  opt-in: rls',
    '-- opt_in: rls',
    '-- opt-in rls',
    '-- opt-in : rls',
  ],
  ...[
    '-- opt-in = rls',
    '/* opt-in: rls */',
    '-- opt-in:',
    '-- OPT IN: rls',
    '-- opt-in: RLS',
    '-- opt-in: rls\n-- opt-in: rls',
  ],
  ...[
    '-- no-transaction ',
    '-- No-Transaction',
    '--no-transaction',
    '-- no_transaction',
    '-- no-transaction: yes',
  ],
  ...[
    '-- run-as: login',
    '-- run-as: postgres',
    '-- needs: 0000\n-- unknown: x',
    '--needs: 0000',
    '-- Proves: B1.1.1',
  ],
])('what is nearly a directive is refused, and the error names file and line: %j', (directive) => {
  const lines = `-- 0001 photos\n${directive}`.split('\n').length
  const attempt = () => readMigrations(pair(`-- 0001 photos\n${directive}\nselect 1;`))

  expect(attempt).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: '0001_photos.up.sql', line: lines } }),
  )
})

test.for([
  ['up', '-- 0001 photos\nselect 1;\n-- opt-in: rls\n', 'select 1;', 3],
  ['up', 'select 1; -- no-transaction\n', 'select 1;', 1],
  ['up', 'select 1;\n/* Later:\n   no-transaction */\n', 'select 1;', 2],
  ['down', 'select 1;', '-- no-transaction\nselect 1;', 1],
] as const)('a directive without effect is refused: in the %s file', ([way, up, down, line]) => {
  expect(() => readMigrations(pair(up, down))).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: `0001_photos.${way}.sql`, line } }),
  )
})

test.for([
  '-- Why: because.',
  '-- There is no opt-in here, and no transaction is open.',
  '-- It needs a column.',
  '/* notes: none */',
])('prose in the header is no directive: %j', (prose) => {
  expect(readMigrations(pair(`-- 0001 photos\n${prose}\nselect 1;`))).toMatchObject([
    { optIn: null, transactional: true },
  ])
})

test('line ends do not change the checksum', () => {
  const [unix] = readMigrations(pair('select 1;\n', 'select 2;\n'))
  const [windows] = readMigrations(pair('select 1;\r\n', 'select 2;\r\n'))

  expect(windows).toEqual(unix)
})

test.for([
  ['a byte order mark', Buffer.from('\uFEFFselect 1;')],
  ['another encoding', Buffer.from('-- größe\nselect 1;', 'latin1')],
  ['a zero byte', Buffer.from('select 1;\0select 2;')],
] as const)('%s is refused, and the error names the file', ([, content]) => {
  const folder = pair('select 1;')
  writeFileSync(join(folder, '0001_photos.up.sql'), content)

  expect(() => readMigrations(folder)).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: '0001_photos.up.sql' } }),
  )
})

test('a folder that does not exist is refused', () => {
  expect(() => readMigrations('/nowhere')).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('after-apply.sql is optional and may not end its transaction', () => {
  const folder = folderOf({ 'after-apply.sql': 'select 1; commit;' })

  expect(readAfterApply(folderOf({}))).toBeNull()
  expect(() => readAfterApply(folder)).toThrow(
    expect.objectContaining({ exitCode: 4, facts: { file: 'after-apply.sql', line: 1 } }),
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
