import { describe, expect, test } from '../harness/index.ts'
import { addMigration, defaultMigrations, ledgerOf, migrate, resultOf } from './vocabulary/migrations.ts'
import {
  connectionsOfRunners,
  holdGate,
  holdWrite,
  untilAtGate,
  untilBuilding,
  untilPollingForLock,
  untilWaitingFor,
  WAIT_AT_GATE,
} from './vocabulary/runners.ts'

const INDEX = 'create index concurrently users_by_birth on auth.users (date_of_birth);'
const UNDO = 'drop index concurrently auth.users_by_birth;'

describe('B1.0 One runner at a time', () => {
  test('B1.0.4 runners that start together apply each migration once', async ({ project, emptyDb }) => {
    const runners = await Promise.all([1, 2, 3, 4].map(() => migrate(project, emptyDb, 'apply', '--json')))

    expect(runners.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
    expect(runners.flatMap((runner) => resultOf(runner).applied)).toEqual(defaultMigrations(project))
    expect(await ledgerOf(emptyDb)).toEqual(defaultMigrations(project))
  })

  test('B1.0.4 a runner that waits does not deadlock with a concurrent index build', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_index', `-- no-transaction\n${INDEX}`, UNDO)
    const writer = await holdWrite(db)
    const building = migrate(project, db, 'apply')
    await untilBuilding(db)
    const waiting = migrate(project, db, 'apply')
    await untilPollingForLock(db)

    await writer.close()

    expect(await building).toMatchObject({ exitCode: 0 })
    expect(await waiting).toMatchObject({ exitCode: 0 })
  })

  test('B1.0.9 a runner that does not get the lock in time names the session that holds it', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_slow', `${WAIT_AT_GATE};`)
    const gate = await holdGate(db)
    const holding = migrate(project, db, 'apply')
    await untilAtGate(db)
    const [pid] = await connectionsOfRunners(db)

    const late = await migrate(project, db, 'apply', '--lock-wait', '0', '--json')

    await gate.close()
    expect(late.exitCode).toBe(5)
    expect(resultOf(late).error.holder).toMatchObject({ pid, application: 'hma migrate' })
    expect(resultOf(late).error.holder.connectedSeconds).toBeLessThan(60)
    expect(await holding).toMatchObject({ exitCode: 0 })
  })

  test('B1.0.9 a runner that gets the lock in time completes', async ({ project, db }) => {
    await addMigration(project, '9998_slow', `${WAIT_AT_GATE};`)
    const gate = await holdGate(db)
    const holding = migrate(project, db, 'apply')
    await untilAtGate(db)
    const waiting = migrate(project, db, 'apply', '--lock-wait', '20', '--json')
    await untilPollingForLock(db)

    await gate.close()

    expect(await holding).toMatchObject({ exitCode: 0 })
    expect(await waiting).toMatchObject({ exitCode: 0 })
    expect(resultOf(await waiting)).toEqual({ applied: [] })
  })

  test('a migration that waits for a table does not block other queries for long', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_column', 'alter table auth.users add column nickname text;')
    const reader = await db.connect()
    await reader.query('begin; select 1 from auth.users')
    const applying = migrate(project, db, 'apply')
    await untilWaitingFor(db, 'auth.users')

    await expect(db.query('select 1 from auth.users')).toBeAccepted()

    await reader.close()
    expect(await applying).toMatchObject({ exitCode: 0 })
  })
})
