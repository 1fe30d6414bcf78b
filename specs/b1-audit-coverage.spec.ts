import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { recordsAddedBy } from './vocabulary/audit-log.ts'
import { AUTH_CLASSES, unclassifiedIn } from './vocabulary/classes.ts'
import { auditedColumns, copiedColumns, copyableInUpdates, missingTriggers } from './vocabulary/coverage.ts'
import { insertUser } from './vocabulary/users.ts'

const CREATE_NOTES =
  'create table auth.notes (id uuid not null, created_at timestamptz, updated_at timestamptz)'
const STAMP_NOTES = `create trigger notes_are_stamped before insert or update on auth.notes
  for each row execute function ops.stamp_times()`

describe('B1.3 Triggers of every table in auth', () => {
  test('B1.3.4 every table in auth has its audit and timestamp triggers, always enabled', async ({ db }) => {
    expect(await missingTriggers(db)).toEqual([])
  })

  test('B1.3.4 a new table without triggers is reported with each missing one', async ({ db }) => {
    await db.query(CREATE_NOTES)

    expect(await missingTriggers(db)).toEqual([
      'auth.notes: audit of delete',
      'auth.notes: audit of insert',
      'auth.notes: audit of truncate',
      'auth.notes: audit of update',
      'auth.notes: timestamps on insert',
      'auth.notes: timestamps on update',
    ])
  })

  test('B1.3.4 a new table with audit and timestamp triggers is not reported', async ({ db }) => {
    await db.query(`${CREATE_NOTES}; ${STAMP_NOTES}; select audit.watch('auth.notes')`)

    expect(await missingTriggers(db)).toEqual([])
  })

  test('B1.3.4 a new table without timestamp columns is reported', async ({ db }) => {
    await db.query(`create table auth.notes (id uuid not null); select audit.watch('auth.notes')`)

    expect(await missingTriggers(db)).toEqual([
      'auth.notes: timestamps on insert',
      'auth.notes: timestamps on update',
    ])
  })

  test('B1.3.4 the leaf of a new table is reported, although the table itself has every trigger', async ({
    db,
  }) => {
    await db.query(`${CREATE_NOTES} partition by list (id); ${STAMP_NOTES}; select audit.watch('auth.notes');
      create table auth.notes_of_all partition of auth.notes default`)

    expect(await missingTriggers(db)).toEqual([
      'auth.notes_of_all: audit of delete',
      'auth.notes_of_all: audit of insert',
      'auth.notes_of_all: audit of truncate',
    ])
  })

  test('B1.3.4 a new partitioned table is reported', async ({ db }) => {
    await db.query('create table auth.notes (id uuid not null, at date) partition by range (at)')

    expect(await missingTriggers(db)).toContain('auth.notes: audit of insert')
  })

  test.for([
    ['a table without an id', 'create table auth.notes (number bigint)', 'number'],
    ['a column that does not exist', CREATE_NOTES, 'line'],
  ] as const)('B1.3.4 watch refuses %s', async ([, table, column], { db }) => {
    await db.query(table)

    const watch = db.query(`select audit.watch('auth.notes', '${column}')`)

    await expect(watch).toBreakRule('watched_tables_have_their_columns')
  })

  test('B1.3.4 the columns that may be copied can be changed', async ({ db }) => {
    const owner = await db.as('hma_migrator')

    const change = owner.query(
      `set role hma_owner; select audit.unwatch('auth.users'); select audit.watch('auth.users')`,
    )

    await expect(change).toBeAccepted()
    expect(await missingTriggers(db)).toEqual([])
    const [record] = await recordsAddedBy(db, () => insertUser(db))
    expect(record?.details).toEqual({ new: {} })
  })

  test('B1.3.4 records of inserts and deletes hold the audited columns, and no other', async ({ db }) => {
    await createAccount(db)
    await db.query('delete from auth.users')

    expect(await copiedColumns(db, 'insert')).toEqual(await auditedColumns(db))
    expect(await copiedColumns(db, 'delete')).toEqual(await auditedColumns(db))
  })

  test('B1.3.4 update triggers copy the audited columns, and no other', async ({ db }) => {
    expect(await copyableInUpdates(db)).toEqual(await auditedColumns(db))
  })

  test('B1.3.4 a personal column can be audited', async ({ db }) => {
    await db.query(`create table auth.notes (id uuid, line text); select audit.watch('auth.notes', 'line');
      comment on column auth.notes.id is '[internal] Identifies the note.';
      comment on column auth.notes.line is '[personal, audited] What a user wrote.'`)

    const copied = await copyableInUpdates(db)

    expect(copied).toContain('auth.notes: line')
    expect(copied).toEqual(await auditedColumns(db))
    expect(await unclassifiedIn(db, 'auth', AUTH_CLASSES)).toEqual([])
  })
})
