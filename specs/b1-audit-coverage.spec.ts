import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { recordsAddedBy } from './vocabulary/audit-log.ts'
import { allowedToUpdatesIn, copiedBy, gapsIn, internalColumnsIn } from './vocabulary/coverage.ts'
import { insertUser } from './vocabulary/users.ts'

const NOTES = 'create table auth.notes (id uuid not null, created_at timestamptz, updated_at timestamptz)'
const STAMPED = `create trigger notes_are_stamped before insert or update on auth.notes
  for each row execute function ops.stamp_times()`

describe('B1.3 No table is left out', () => {
  test('B1.3.4 every table in auth is audited and stamped, always', async ({ db }) => {
    expect(await gapsIn(db)).toEqual([])
  })

  test('B1.3.4 a new table without any of it is named with all that it lacks', async ({ db }) => {
    await db.query(NOTES)

    expect(await gapsIn(db)).toEqual([
      'auth.notes: actors before delete',
      'auth.notes: actors before insert',
      'auth.notes: actors before truncate',
      'auth.notes: actors before update',
      'auth.notes: audit of delete',
      'auth.notes: audit of insert',
      'auth.notes: audit of truncate',
      'auth.notes: audit of update',
      'auth.notes: times on insert',
      'auth.notes: times on update',
    ])
  })

  test('B1.3.4 a new table that is put under audit and stamped lacks nothing', async ({ db }) => {
    await db.query(`${NOTES}; ${STAMPED}; select audit.watch('auth.notes')`)

    expect(await gapsIn(db)).toEqual([])
  })

  test('B1.3.4 a new table without the columns of its times is named', async ({ db }) => {
    await db.query(`create table auth.notes (id uuid not null); select audit.watch('auth.notes')`)

    expect(await gapsIn(db)).toEqual(['auth.notes: times on insert', 'auth.notes: times on update'])
  })

  test('B1.3.4 a partitioned table is a table', async ({ db }) => {
    await db.query('create table auth.notes (id uuid not null, at date) partition by range (at)')

    expect(await gapsIn(db)).toContain('auth.notes: audit of insert')
  })

  test.for([
    ['a table without an id', 'create table auth.notes (number bigint)', 'number'],
    ['a column that is not there', NOTES, 'line'],
  ] as const)('B1.3.4 %s cannot be put under audit', async ([, table, column], { db }) => {
    await db.query(table)

    const attempt = db.query(`select audit.watch('auth.notes', '${column}')`)

    await expect(attempt).toBreakRule('watched_tables_have_their_columns')
  })

  test('B1.3.4 what a table allows to be copied can be changed', async ({ db }) => {
    const owner = await db.as('hma_migrator')

    const change = owner.query(
      `set role hma_owner; select audit.unwatch('auth.users'); select audit.watch('auth.users')`,
    )

    await expect(change).toBeAccepted()
    expect(await gapsIn(db)).toEqual([])
    const [record] = await recordsAddedBy(db, () => insertUser(db))
    expect(record?.details).toEqual({ new: {} })
  })

  test('B1.3.4 inserts and deletes copy what is commented as internal, and nothing else', async ({ db }) => {
    await createAccount(db)
    await db.query('delete from auth.users')

    expect(await copiedBy(db, 'insert')).toEqual(await internalColumnsIn(db))
    expect(await copiedBy(db, 'delete')).toEqual(await internalColumnsIn(db))
  })

  test('B1.3.4 updates may copy what is commented as internal, and nothing else', async ({ db }) => {
    expect(await allowedToUpdatesIn(db)).toEqual(await internalColumnsIn(db))
  })
})
