import { describe, expect, test } from '../harness/index.ts'
import { sqlstatesOf } from './vocabulary/errors.ts'
import { LOGINS } from './vocabulary/matrix.ts'
import {
  addMigration,
  defaultMigrations,
  environmentOf,
  ledgerOf,
  migrate,
  migrateAsMigrator,
  resultOf,
} from './vocabulary/migrations.ts'
import {
  connectionsOfRunners,
  holdGate,
  holdPrelude,
  holdRead,
  holdRunnerLock,
  holdWrite,
  keepReading,
  untilAtGate,
  untilBuilding,
  untilWaitingFor,
  untilWaitingForLock,
  WAIT_AT_GATE,
} from './vocabulary/runners.ts'

const INDEX = 'create index concurrently users_by_birth on auth.users (date_of_birth);'
const UNDO = 'drop index concurrently auth.users_by_birth;'
const COLUMN = 'alter table auth.users add column nickname text;'
const NO_COLUMN = 'alter table auth.users drop column nickname;'
const LEAF = 'auth.visits_2026'
const BOUNDS = `for values from ('2026-01-01') to ('2027-01-01')`
const LEAVES = `create table auth.visits (at date not null) partition by range (at);
  create table ${LEAF} partition of auth.visits ${BOUNDS};`
const DETACH = `-- no-transaction\nalter table auth.visits detach partition ${LEAF} concurrently;`
const ATTACH = `alter table auth.visits attach partition ${LEAF} ${BOUNDS};`
/** A migration tries for 22 seconds. */
const GIVEN_UP_WITHIN_MS = 40_000

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
    const waiting = migrate(project, db, 'apply', '--lock-wait', '20')
    await untilWaitingForLock(db)

    await writer.close()

    expect(await building).toMatchObject({ exitCode: 0 })
    expect(await waiting).toMatchObject({ exitCode: 0 })
  })

  test('B1.0.4 a runner does not prepare a server while the runner of another database does', async ({
    project,
    cluster,
  }) => {
    const db = await cluster.database()
    await holdPrelude(await cluster.database('postgres'))

    expect(await migrate(project, db, 'apply', '--lock-wait', '0')).toMatchObject({ exitCode: 5 })
  })

  test('B1.0.9 a runner that does not get the lock in time names the session that holds it', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_slow', `${WAIT_AT_GATE};`)
    const gate = await holdGate(db)
    const holding = migrate(project, db, 'apply')
    await untilAtGate(db)
    const pids = await connectionsOfRunners(db)

    const late = await migrateAsMigrator(project, db, 'apply', '--lock-wait', '0', '--json')

    await gate.close()
    expect(late.exitCode).toBe(5)
    expect(resultOf(late).error.holder).toMatchObject({ application: 'hma migrate', user: 'hma_migrator' })
    expect(pids).toContain(resultOf(late).error.holder.pid)
    expect(resultOf(late).error.holder.connectedSeconds).toBeLessThan(60)
    expect(await holding).toMatchObject({ exitCode: 0 })
  })

  test.for(['down', 'verify'])(
    'B1.0.9 %s names the session that holds the lock, too',
    async (command, { project, db }) => {
      const holder = await holdRunnerLock(db)

      const late = await migrate(project, db, command, '--lock-wait', '0', '--json')

      expect(resultOf(late).error).toMatchObject({ exitCode: 5, holder })
    },
  )

  test('B1.0.9 a runner that waits for the prelude of another database names its session', async ({
    project,
    cluster,
  }) => {
    const db = await cluster.database()
    const holder = await holdPrelude(await cluster.database('postgres'))

    const late = await migrate(project, db, 'apply', '--lock-wait', '0', '--json')

    expect(resultOf(late).error).toMatchObject({ exitCode: 5, holder })
  })

  test('B1.0.9 a runner that gets the lock in time completes', async ({ project, db }) => {
    await addMigration(project, '9998_slow', `${WAIT_AT_GATE};`)
    const gate = await holdGate(db)
    const holding = migrate(project, db, 'apply')
    await untilAtGate(db)
    const waiting = migrate(project, db, 'apply', '--lock-wait', '20', '--json')
    await untilWaitingForLock(db)

    await gate.close()

    expect(await holding).toMatchObject({ exitCode: 0 })
    expect(await waiting).toMatchObject({ exitCode: 0 })
    expect(resultOf(await waiting)).toEqual({ applied: [] })
  })

  test.for(LOGINS.filter((login) => login !== 'hma_migrator'))(
    'B1.0.9 %s cannot hold up a runner: it may take no lock of ours',
    async (login, { project, db }) => {
      const other = await db.as(login)
      const locks = [
        'guard.prelude in access share mode',
        'ops.schema_migration in access share mode',
        'audit.audit_log in share update exclusive mode',
      ]

      // Outside of a transaction every lock is refused, whoever asks for it.
      const attempts = locks.flatMap((lock) => [`begin; lock table ${lock}`, 'rollback'])

      expect(await sqlstatesOf(other, attempts)).toEqual(locks.flatMap(() => ['42501', null]))
      await other.query(
        `select pg_advisory_lock(hashtext('ops.schema_migration'), hashtext(current_database()))`,
      )
      await other.query(`select pg_advisory_lock(hashtextextended('audit.ensure_partitions', 0))`)
      expect(await migrate(project, db, 'apply', '--lock-wait', '10')).toMatchObject({ exitCode: 0 })
    },
  )

  test('B1.0.9 a login that changes its own password in an open transaction cannot hold up a runner', async ({
    project,
    db,
  }) => {
    const app = await db.as('hma_app')
    await app.query(`begin; alter role current_user password 'another'`)

    const applied = await migrate(project, db, 'apply', '--lock-wait', '10')

    await app.query('rollback')
    expect(applied).toMatchObject({ exitCode: 0 })
  })

  test('B1.0.9 no function of ours takes an advisory lock, which anybody may hold', async ({ db }) => {
    const functions = await db.column(
      `select p.oid::regprocedure::text from pg_proc p where p.prosrc ~ 'pg_\\w*advisory' and p.oid >= 16384`,
    )

    expect(functions).toEqual([])
  })

  test.for(['apply', 'down'])(
    'B1.0.12 while %s waits for a table, no query of it waits for long',
    async (command, { project, db }) => {
      await addMigration(project, '9998_column', COLUMN, NO_COLUMN)
      if (command === 'down') await migrate(project, db, 'apply')
      const reader = await holdRead(db)
      const waiting = migrate(project, db, command)
      await untilWaitingFor(db, 'auth.users')

      await expect(keepReading(db)).toBeAccepted()

      await reader.close()
      expect(await waiting).toMatchObject({ exitCode: 0 })
    },
  )

  test.for([
    ['detach', 'apply', false],
    ['attach', 'down', true],
  ] as const)(
    'B1.0.12 while the %s of a partition waits for it, no query of it waits for long',
    async ([, command, isLeaf], { project, db }) => {
      await addMigration(project, '9997_leaves', LEAVES)
      await migrate(project, db, 'apply')
      await addMigration(project, '9998_detach', DETACH, ATTACH)
      if (command === 'down') await migrate(project, db, 'apply')
      const reader = await holdRead(db, LEAF)
      const waiting = migrate(project, db, command)
      await untilWaitingFor(db, LEAF)

      await expect(keepReading(db, LEAF)).toBeAccepted()

      await reader.close()
      expect(await waiting).toMatchObject({ exitCode: 0 })
      expect(await db.value(`select relispartition from pg_class where oid = '${LEAF}'::regclass`)).toBe(
        isLeaf,
      )
    },
  )

  test('B1.0.12 a migration whose table stays locked is given up, and nothing of it remains', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_column', COLUMN, NO_COLUMN)
    await holdRead(db)

    const { exitCode, stdout } = await project.run('scripts/migrate.sh', ['apply', '--json'], {
      environment: environmentOf(db),
      timeoutMs: GIVEN_UP_WITHIN_MS,
    })

    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout).error).toMatchObject({ file: '9998_column.up.sql', sqlstate: '55P03' })
    expect(await ledgerOf(db)).not.toContain('9998_column')
  })
})
