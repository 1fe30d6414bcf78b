import { describe, expect, test } from '../harness/index.ts'
import {
  addMigration,
  defaultMigrations,
  editMigration,
  lastWritersOf,
  ledgerOf,
  migrate,
  removeMigration,
  resultOf,
  statusOf,
} from './vocabulary/migrations.ts'

describe('B1.0 The migration runner', () => {
  test('B1.0.1 apply takes an empty database to the newest version', async ({ project, emptyDb }) => {
    const applied = await migrate(project, emptyDb, 'apply', '--json')

    expect(applied.exitCode).toBe(0)
    expect(resultOf(applied)).toEqual({ applied: defaultMigrations(project) })
    expect(await ledgerOf(emptyDb)).toEqual(defaultMigrations(project))
  })

  test('B1.0.1 status reports nothing pending after apply', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')

    const status = await migrate(project, emptyDb, 'status', '--json')

    expect(status.exitCode).toBe(0)
    expect(resultOf(status)).toMatchObject({
      applied: defaultMigrations(project),
      pending: [],
      interrupted: [],
    })
  })

  test('B1.0.1 status reports everything pending on an empty database', async ({ project, emptyDb }) => {
    const status = await migrate(project, emptyDb, 'status', '--json')

    expect(status.exitCode).toBe(33)
    expect(resultOf(status)).toMatchObject({ applied: [], pending: defaultMigrations(project), drift: [] })
  })

  test('B1.0.1 status reports a new file as pending', async ({ project, db }) => {
    await addMigration(project, '9998_later', 'create table auth.later (id int);')

    expect(await statusOf(project, db)).toMatchObject({ pending: ['9998_later'] })
  })

  test('B1.0.2 applying again does nothing', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')
    const before = await lastWritersOf(emptyDb)

    const again = await migrate(project, emptyDb, 'apply', '--json')

    expect(again.exitCode).toBe(0)
    expect(resultOf(again)).toEqual({ applied: [] })
    expect(await lastWritersOf(emptyDb)).toEqual(before)
  })

  test('B1.0.5 a failing migration leaves neither its change nor its ledger row', async ({ project, db }) => {
    await addMigration(project, '9998_broken', 'create table auth.half (id int);\nselect 1 / 0;')

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(1)
    expect(resultOf(applied).error).toMatchObject({ file: '9998_broken.up.sql', sqlstate: '22012' })
    expect(await db.value(`select to_regclass('auth.half')`)).toBeNull()
    expect(await ledgerOf(db)).not.toContain('9998_broken')
  })

  test('B1.0.5 a migration that fails at commit leaves no change', async ({ project, db }) => {
    const deferred =
      'constraint late_is_known foreign key (id) references auth.half deferrable initially deferred'
    await addMigration(
      project,
      '9998_late',
      `create table auth.half (id int primary key, ${deferred});
       create table auth.late (id int, ${deferred}); insert into auth.late values (1);`,
    )

    const applied = await migrate(project, db, 'apply', '--json')

    expect(resultOf(applied).error).toMatchObject({ file: '9998_late.up.sql', rule: 'late_is_known' })
    expect(await db.value(`select to_regclass('auth.half')`)).toBeNull()
    expect(await ledgerOf(db)).not.toContain('9998_late')
  })

  test('B1.0.5 a failing down leaves the migration applied', async ({ project, db }) => {
    await addMigration(
      project,
      '9998_stuck',
      'create table auth.stuck (id int);',
      'drop table auth.stuck;\nselect 1 / 0;',
    )
    await migrate(project, db, 'apply')

    const down = await migrate(project, db, 'down')

    expect(down.exitCode).toBe(1)
    expect(await db.count('auth.stuck')).toBe(0)
    expect(await ledgerOf(db)).toContain('9998_stuck')
  })

  test('B1.0.5 migrations before a failing one remain applied', async ({ project, db }) => {
    await addMigration(project, '9997_whole', 'create table auth.whole (id int);')
    await addMigration(project, '9998_broken', 'select 1 / 0;')

    await migrate(project, db, 'apply')

    expect(await db.count('auth.whole')).toBe(0)
    expect(await statusOf(project, db)).toMatchObject({ pending: ['9998_broken'] })
  })

  test('B1.0.5 a migration that ends its transaction is refused', async ({ project, db }) => {
    await addMigration(project, '9998_sly', 'create table auth.half (id int); commit; select 1;')

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(4)
    expect(resultOf(applied).error).toMatchObject({ file: '9998_sly.up.sql' })
    expect(await db.value(`select to_regclass('auth.half')`)).toBeNull()
  })

  test.for(['up', 'down'] as const)(
    'B1.0.6 a migration whose %s file was edited is refused, and the error names it',
    async (direction, { project, db }) => {
      await editMigration(project, '0002_users', direction)
      await addMigration(project, '9998_later', 'create table auth.later (id int);')

      const applied = await migrate(project, db, 'apply', '--json')

      expect(applied.exitCode).toBe(4)
      expect(resultOf(applied).error).toMatchObject({ edited: ['0002_users'] })
      expect(await db.value(`select to_regclass('auth.later')`)).toBeNull()
    },
  )

  test('B1.0.6 an edited ledger row is refused, and the error names its migration', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_later', 'create table auth.later (id int);')
    await migrate(project, db, 'apply')
    await db.query(`update ops.schema_migration set prev_checksum = 'forged' where name = '9998_later'`)

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(4)
    expect(resultOf(applied).error).toMatchObject({ edited: ['9998_later'] })
  })

  test('B1.0.6 an applied migration whose file is missing is refused, and the error names it', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_gone', 'create table auth.gone (id int);')
    await migrate(project, db, 'apply')
    await removeMigration(project, '9998_gone')

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(4)
    expect(resultOf(applied).error).toMatchObject({ missing: ['9998_gone'] })
  })

  test('B1.0.6 a migration numbered before an applied one is refused, and the error names it', async ({
    project,
    db,
  }) => {
    await addMigration(project, '0000_early', 'create table auth.early (id int);')

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(4)
    expect(resultOf(applied).error).toMatchObject({ outOfOrder: ['0000_early'] })
    expect(await db.value(`select to_regclass('auth.early')`)).toBeNull()
  })

  test('B1.0.6 an out-of-order migration is applied with --allow-out-of-order', async ({ project, db }) => {
    await addMigration(project, '0000_early', 'create table auth.early (id int);')

    const applied = await migrate(project, db, 'apply', '--allow-out-of-order', '--json')

    expect(resultOf(applied)).toEqual({ applied: ['0000_early'] })
    expect(await db.count('auth.early')).toBe(0)
  })

  test('B1.0.6 status distinguishes edited, missing and out-of-order migrations', async ({ project, db }) => {
    await addMigration(project, '9998_gone', 'create table auth.gone (id int);')
    await migrate(project, db, 'apply')
    await removeMigration(project, '9998_gone')
    await editMigration(project, '0002_users', 'up')
    await addMigration(project, '0000_early', 'select 1;')

    const status = await migrate(project, db, 'status', '--json')

    expect(status.exitCode & 0b101111).toBe(32 + 1 + 2 + 4 + 8)
    expect(resultOf(status)).toMatchObject({
      edited: ['0002_users'],
      missing: ['9998_gone'],
      outOfOrder: ['0000_early'],
    })
  })
})
