import { describe, expect, test } from '../harness/index.ts'
import { lastWritersOf } from './vocabulary/last-writers.ts'
import { objectsFound, objectsListed } from './vocabulary/matrix.ts'
import {
  addMigration,
  defaultMigrations,
  ledgerOf,
  migrate,
  resultOf,
  statusOf,
} from './vocabulary/migrations.ts'
import { objectsOf } from './vocabulary/objects.ts'
import { createQuotedDatabase } from './vocabulary/quoted-databases.ts'

describe('B1.0 The migration runner', () => {
  test('B1.0.1 apply takes an empty database to the newest version', async ({ project, emptyDb }) => {
    const applied = await migrate(project, emptyDb, 'apply', '--json')

    expect(applied.exitCode).toBe(0)
    expect(resultOf(applied)).toEqual({ applied: defaultMigrations(project) })
    expect(await ledgerOf(emptyDb)).toEqual(defaultMigrations(project))
    expect(objectsFound(await objectsOf(emptyDb))).toEqual(objectsListed())
  })

  test('B1.0.1 apply completes where the server ends sessions that do nothing for a moment', async ({
    project,
    emptyDb,
  }) => {
    const limits = ['idle_in_transaction_session_timeout', 'idle_session_timeout']
    for (const limit of limits) await emptyDb.query(`alter database ${emptyDb.name} set ${limit} = '1ms'`)

    expect(await migrate(project, emptyDb, 'apply')).toMatchObject({ exitCode: 0 })
    expect(await ledgerOf(emptyDb)).toEqual(defaultMigrations(project))
  })

  test('B1.0.1 so it does with a database whose name needs quotes', async ({ project, emptyDb }) => {
    await using database = await createQuotedDatabase(emptyDb)

    const applied = await migrate(project, database, 'apply', '--json')

    expect(applied.exitCode).toBe(0)
    expect(resultOf(applied)).toEqual({ applied: defaultMigrations(project) })
    const status = await migrate(project, database, 'status', '--json')
    expect(status.exitCode).toBe(0)
    expect(resultOf(status)).toMatchObject({ applied: defaultMigrations(project), pending: [], drift: [] })
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
})
