import { describe, expect, test } from '../harness/index.ts'
import { addMigration, ledgerOf, migrate, resultOf, statusOf } from './vocabulary/migrations.ts'
import { editPrelude } from './vocabulary/prelude.ts'
import {
  gateAtCommit,
  gateBefore,
  holdSnapshot,
  kill,
  killAtGate,
  killWhileBuilding,
  scratchDatabases,
  startRunner,
  untilDetaching,
  untilExecuting,
  untilNoRunner,
  untilVerifying,
  validityOf,
  WAIT_AT_GATE,
} from './vocabulary/runners.ts'

const TWO_TABLES = 'create table auth.one (id int);\ncreate table auth.two (id int);'

const KILL_POINTS = [
  ['before its first statement', 'select 1', `${WAIT_AT_GATE};\n${TWO_TABLES}`],
  ['between two statements', 'select 1', TWO_TABLES.replace('\n', `\n${WAIT_AT_GATE};\n`)],
  ['before its ledger row', gateBefore('ops.schema_migration', 'insert'), TWO_TABLES],
  ['before its commit', gateAtCommit('ops.schema_migration', 'insert'), TWO_TABLES],
  ['before the baseline is saved', gateBefore('ops.schema_state', 'insert'), TWO_TABLES],
] as const

/** As long as there is a role called gate. */
const SLEEP_IN_VERIFY = `select pg_sleep(600) where current_database() like 'hma_verify_%'
  and exists (select from pg_roles where rolname = 'gate');`

const INDEX = `-- no-transaction\ncreate index concurrently users_by_birth on auth.users (date_of_birth);`
const DROP = 'drop index concurrently auth.users_by_birth;'

const LEAVES = `create table auth.visits (at date not null) partition by range (at);
  create table auth.visits_2026 partition of auth.visits for values from ('2026-01-01') to ('2027-01-01');`
const DETACH = '-- no-transaction\nalter table auth.visits detach partition auth.visits_2026 concurrently;'
const IS_LEAF = `select relispartition from pg_class where oid = 'auth.visits_2026'::regclass`
const ATTACH = `alter table auth.visits attach partition auth.visits_2026
  for values from ('2026-01-01') to ('2027-01-01');`

describe('B1.0 A runner that is killed', () => {
  test.for(KILL_POINTS)(
    'B1.0.7 killed %s, the next run completes',
    async ([, arrange, up], { project, db }) => {
      await db.query(arrange)
      await addMigration(project, '9998_tables', up, 'drop table auth.two; drop table auth.one;')

      const gate = await killAtGate(project, db, 'apply')

      await untilNoRunner(db)
      await gate.close()
      expect(await migrate(project, db, 'apply')).toMatchObject({ exitCode: 0 })
      expect(await db.query('select from auth.one, auth.two')).toEqual([])
      const { drift, ...status } = await statusOf(project, db)
      expect(status).toMatchObject({ pending: [], interrupted: [] })
      expect(JSON.stringify(drift)).not.toMatch(/auth\.(?:one|two)|ledger/)
    },
  )

  test('B1.0.7 killed between two migrations, the next run applies only the second', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9997_first', 'create table auth.one (id int);')
    await addMigration(project, '9998_second', `${WAIT_AT_GATE};`)

    const gate = await killAtGate(project, db, 'apply')

    await gate.close()
    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: ['9998_second'] })
    expect(await db.count('auth.one')).toBe(0)
  })

  test('B1.0.7 killed while the ledger is created, the next run completes', async ({ project, emptyDb }) => {
    await emptyDb.query(`
      create function public.wait() returns event_trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); end $$;
      create event trigger gate on ddl_command_end when tag in ('CREATE TABLE') execute function public.wait()`)

    const gate = await killAtGate(project, emptyDb, 'apply')

    await gate.close()
    expect(await migrate(project, emptyDb, 'apply')).toMatchObject({ exitCode: 0 })
    expect(await statusOf(project, emptyDb)).toMatchObject({ pending: [], drift: [] })
  })

  test('B1.0.7 killed in the prelude, it leaves no lock, and the next run completes', async ({
    project,
    cluster,
  }) => {
    const db = await cluster.createEmpty('fresh')
    await editPrelude(project, 'roles.sql', `${WAIT_AT_GATE};`)

    const gate = await killAtGate(project, db, 'apply')

    await untilNoRunner(db)
    await gate.close()
    expect(await migrate(project, db, 'apply', '--lock-wait', '0')).toMatchObject({ exitCode: 0 })
  })

  test('B1.0.7 killed in verify, the next verify removes what it left', async ({ project, cluster }) => {
    const db = await cluster.database()
    await addMigration(project, '9998_long', SLEEP_IN_VERIFY)
    await migrate(project, db, 'apply')
    await db.query('create role gate')
    const runner = startRunner(project, db, 'verify')
    await untilVerifying(db)

    await kill(runner)

    await untilNoRunner(db)
    await db.query('drop role gate')
    expect(resultOf(await migrate(project, db, 'verify', '--json'))).toEqual({ differences: [] })
    expect(await scratchDatabases(db)).toEqual([])
  })

  test('B1.0.7 killed in a long statement, it leaves no lock', async ({ project, db }) => {
    await addMigration(project, '9998_long', 'select pg_sleep(600);')
    const runner = startRunner(project, db, 'apply')
    await untilExecuting(db, 'pg_sleep')

    await kill(runner)

    await addMigration(project, '9998_long', 'select 1;')
    const next = await migrate(project, db, 'apply', '--lock-wait', '5', '--json')
    expect(next.exitCode).toBe(0)
    expect(resultOf(next)).toEqual({ applied: ['9998_long'] })
  })

  test('B1.0.7 killed in a concurrent build, status reports it and the next run completes', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_index', INDEX, DROP)

    await killWhileBuilding(project, db, await holdSnapshot(db))

    expect(await statusOf(project, db)).toMatchObject({ interrupted: ['9998_index'] })
    expect(await migrate(project, db, 'apply')).toMatchObject({ exitCode: 0 })
    expect(await validityOf(db, 'auth.users_by_birth')).toEqual([{ indisvalid: true }])
    expect(await statusOf(project, db)).toMatchObject({ pending: [], interrupted: [] })
  })

  test('B1.0.7 killed in a concurrent build, down removes the unfinished index', async ({ project, db }) => {
    await addMigration(project, '9998_index', INDEX, DROP)

    await killWhileBuilding(project, db, await holdSnapshot(db))

    expect(await migrate(project, db, 'down')).toMatchObject({ exitCode: 0 })
    expect(await validityOf(db, 'auth.users_by_birth')).toEqual([])
    expect(await ledgerOf(db)).not.toContain('9998_index')
  })

  test.for([
    ['apply', false],
    ['down', true],
  ] as const)(
    'B1.0.7 killed in a concurrent detach, %s completes',
    async ([command, isLeaf], { project, db }) => {
      await addMigration(project, '9997_leaves', LEAVES)
      await migrate(project, db, 'apply')
      await addMigration(project, '9998_detach', DETACH, ATTACH)
      const reader = await db.connect()
      await reader.query('begin; select from auth.visits')

      await killWhileBuilding(project, db, reader, untilDetaching)

      expect(await migrate(project, db, command)).toMatchObject({ exitCode: 0 })
      expect(await db.value(IS_LEAF)).toBe(isLeaf)
      expect(await statusOf(project, db)).toMatchObject({ interrupted: [] })
    },
  )
})
