import { describe, expect, test } from '../harness/index.ts'
import {
  addMigration,
  defaultMigrations,
  editMigration,
  ledgerOf,
  migrate,
  removeMigration,
  resultOf,
} from './vocabulary/migrations.ts'

/** Ways to apply and undo on which more is allowed, or nothing is run. */
const OTHER_WAYS = ['apply --allow-out-of-order', 'apply --dry-run', 'down --dry-run']

describe('B1.0 The order of migrations', () => {
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

  test.for(['down', 'verify', ...OTHER_WAYS])(
    'B1.0.6 %s refuses an edited migration, too, and the error names it',
    async (command, { project, db }) => {
      await editMigration(project, defaultMigrations(project).at(-1) ?? '', 'down')

      const refused = await migrate(project, db, ...command.split(' '), '--json')

      expect(refused.exitCode).toBe(4)
      expect(resultOf(refused).error).toMatchObject({ edited: [defaultMigrations(project).at(-1)] })
      expect(await ledgerOf(db)).toEqual(defaultMigrations(project))
    },
  )

  test('B1.0.6 of several edited migrations the error names each', async ({ project, db }) => {
    await editMigration(project, '0002_users', 'up')
    await editMigration(project, '0003_audit_log', 'down')

    const { exitCode, stderr } = await migrate(project, db, 'apply')

    expect(exitCode).toBe(4)
    for (const name of ['0002_users', '0003_audit_log']) expect(stderr).toContain(name)
  })

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

  test.for(['apply', 'down', 'verify', ...OTHER_WAYS])(
    'B1.0.6 %s refuses an applied migration whose file is missing, and the error names it',
    async (command, { project, db }) => {
      await addMigration(project, '9998_gone', 'create table auth.gone (id int);')
      await migrate(project, db, 'apply')
      await removeMigration(project, '9998_gone')

      const refused = await migrate(project, db, ...command.split(' '), '--json')

      expect(refused.exitCode).toBe(4)
      expect(resultOf(refused).error).toMatchObject({ missing: ['9998_gone'] })
      expect(await ledgerOf(db)).toEqual([...defaultMigrations(project), '9998_gone'])
    },
  )

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

  test('B1.0.6 it is refused, too, where the newest applied one is of another group', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_trial', '-- opt-in: trial\ncreate table auth.trial (id int);')
    const trial = await migrate(project, db, 'apply', '--with', 'trial')
    await addMigration(project, '0000_early', 'select 1;')

    const applied = await migrate(project, db, 'apply', '--json')

    expect([trial.exitCode, applied.exitCode]).toEqual([0, 4])
    expect(resultOf(applied).error).toMatchObject({ outOfOrder: ['0000_early'] })
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
