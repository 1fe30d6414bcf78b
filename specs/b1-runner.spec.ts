import { describe, expect, test } from '../harness/index.ts'
import { addMigration, footprintOf, ledgerOf, migrate, migrationsOf } from './vocabulary/migrations.ts'

describe('B1.0 The migration runner', () => {
  test('B1.0.1 apply takes an empty database to the newest version', async ({ project, emptyDb }) => {
    const applied = await migrate(project, emptyDb, 'apply')

    expect(applied).toMatchObject({ exitCode: 0 })
    expect(await ledgerOf(emptyDb)).toEqual(await migrationsOf(project))
  })

  test('B1.0.1 status reports nothing pending after apply', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')

    const status = await migrate(project, emptyDb, 'status', '--json')

    expect(status.exitCode).toBe(0)
    expect(JSON.parse(status.stdout)).toMatchObject({ pending: [] })
  })

  test('B1.0.1 status reports a new file as pending', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')
    await addMigration(project, '9998_later', 'create table auth.later (id int);')

    const status = await migrate(project, emptyDb, 'status', '--json')

    expect(status.exitCode).toBe(33)
    expect(JSON.parse(status.stdout)).toMatchObject({ pending: ['9998_later'] })
  })

  test('B1.0.2 applying again does nothing', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')
    const before = await footprintOf(emptyDb)

    const again = await migrate(project, emptyDb, 'apply')

    expect(again.exitCode).toBe(0)
    expect(await footprintOf(emptyDb)).toEqual(before)
  })

  test('B1.0.4 runners that start together apply each migration once', async ({ project, emptyDb }) => {
    const runners = await Promise.all([1, 2, 3, 4].map(() => migrate(project, emptyDb, 'apply')))

    expect(runners.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
    expect(await ledgerOf(emptyDb)).toEqual(await migrationsOf(project))
  })

  test('B1.0.5 a failing migration leaves neither its change nor its ledger row', async ({
    project,
    emptyDb,
  }) => {
    await addMigration(project, '9998_broken', 'create table auth.half (id int);\nselect 1 / 0;')

    const applied = await migrate(project, emptyDb, 'apply')

    expect(applied.exitCode).toBe(1)
    expect(await emptyDb.value(`select to_regclass('auth.half')`)).toBeNull()
    expect(await ledgerOf(emptyDb)).not.toContain('9998_broken')
  })

  test('B1.0.5 what came before a failing migration stays applied', async ({ project, emptyDb }) => {
    await addMigration(project, '9998_broken', 'select 1 / 0;')

    await migrate(project, emptyDb, 'apply')

    expect(await ledgerOf(emptyDb)).toEqual(
      (await migrationsOf(project)).filter((name) => name !== '9998_broken'),
    )
  })
})
