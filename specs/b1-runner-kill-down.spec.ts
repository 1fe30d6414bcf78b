import { type Database, describe, expect, test } from '../harness/index.ts'
import { addAfterApply, addMigration, ledgerOf, migrate, statusOf } from './vocabulary/migrations.ts'
import { gateAtCommit, gateBefore, killAtGate, untilNoRunner, WAIT_AT_GATE } from './vocabulary/runners.ts'

const TABLES = 'create table auth.one (id int);\ncreate table auth.two (id int);'
const DROPS = 'drop table auth.two;\ndrop table auth.one;'

/** Where the runner is killed, what makes it wait there, and the down file. */
const KILL_POINTS = [
  ['between two statements', 'select 1', DROPS.replace('\n', `\n${WAIT_AT_GATE};\n`)],
  ['before its ledger row goes', gateBefore('ops.schema_migration', 'delete'), DROPS],
  ['before its commit', gateAtCommit('ops.schema_migration', 'delete'), DROPS],
] as const

const INDEX = '-- no-transaction\ncreate index concurrently users_by_birth on auth.users (date_of_birth);'
const DROP = 'drop index concurrently auth.users_by_birth;'
const IS_VALID = `select indisvalid from pg_index where indexrelid = to_regclass('auth.users_by_birth')`

const LEAVES = `create table auth.visits (at date not null) partition by range (at);
  create table auth.visits_2026 partition of auth.visits for values from ('2026-01-01') to ('2027-01-01');`
const DETACH = '-- no-transaction\nalter table auth.visits detach partition auth.visits_2026 concurrently;'
const ATTACH = `alter table auth.visits attach partition auth.visits_2026
  for values from ('2026-01-01') to ('2027-01-01');`
const IS_LEAF = `select relispartition from pg_class where oid = 'auth.visits_2026'::regclass`

/** What has ended, the command, the write to the ledger that is left, the files, what is asked at the end. */
const ENDED = [
  ['build', 'apply', 'update', INDEX, DROP, IS_VALID, true],
  ['detach', 'apply', 'update', DETACH, ATTACH, IS_LEAF, false],
  ['attach', 'down', 'delete', DETACH, ATTACH, IS_LEAF, true],
] as const

function tablesLeft(db: Database): Promise<string[]> {
  return db.column(
    `select relname from pg_class
      where relnamespace = 'auth'::regnamespace and relname in ('one', 'two') order by 1`,
  )
}

describe('B1.0 A runner that is killed while it undoes, or after the last migration', () => {
  test.for(KILL_POINTS)(
    'B1.0.7 killed in a down %s, nothing is undone, and the next down completes',
    async ([, arrange, down], { project, db }) => {
      await addMigration(project, '9998_tables', TABLES, down)
      await migrate(project, db, 'apply')
      await db.query(arrange)

      const gate = await killAtGate(project, db, 'down')

      await untilNoRunner(db)
      await gate.close()
      expect(await tablesLeft(db)).toEqual(['one', 'two'])
      expect(await ledgerOf(db)).toContain('9998_tables')
      expect(await migrate(project, db, 'down')).toMatchObject({ exitCode: 0 })
      expect(await tablesLeft(db)).toEqual([])
      expect(await statusOf(project, db)).toMatchObject({ pending: ['9998_tables'], interrupted: [] })
    },
  )

  test('B1.0.7 killed after a concurrent drop and before its ledger row goes, down completes', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_index', INDEX, DROP)
    await migrate(project, db, 'apply')
    await db.query(gateBefore('ops.schema_migration', 'delete'))
    const { drift } = await statusOf(project, db)

    const gate = await killAtGate(project, db, 'down')

    await untilNoRunner(db)
    await gate.close()
    expect(await statusOf(project, db)).toMatchObject({ interrupted: ['9998_index'] })
    expect(await migrate(project, db, 'down')).toMatchObject({ exitCode: 0 })
    expect(await statusOf(project, db)).toMatchObject({ interrupted: [], drift })
  })

  test.for(ENDED)(
    'B1.0.7 killed after a concurrent %s and before the ledger says so, the next run completes',
    async ([, command, write, up, down, question, answer], { project, db }) => {
      await addMigration(project, '9997_leaves', LEAVES)
      await addMigration(project, '9998_ended', up, down)
      if (command === 'down') await migrate(project, db, 'apply')
      await db.query(gateBefore('ops.schema_migration', write))

      const gate = await killAtGate(project, db, command)

      await untilNoRunner(db)
      await gate.close()
      expect(await statusOf(project, db)).toMatchObject({ interrupted: ['9998_ended'] })
      expect(await migrate(project, db, command)).toMatchObject({ exitCode: 0 })
      expect(await db.value(question)).toBe(answer)
      expect(await statusOf(project, db)).toMatchObject({ interrupted: [] })
    },
  )

  test('B1.0.7 killed in after-apply.sql, nothing of it remains, and the next run completes it', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_kinds', 'create table auth.kinds (id int);')
    await addAfterApply(
      project,
      `insert into auth.kinds values (1);\n${WAIT_AT_GATE};\ninsert into auth.kinds values (2);`,
    )

    const gate = await killAtGate(project, db, 'apply')

    await untilNoRunner(db)
    await gate.close()
    expect(await db.column('select id from auth.kinds')).toEqual([])
    expect(await migrate(project, db, 'apply')).toMatchObject({ exitCode: 0 })
    expect(await db.column('select id from auth.kinds order by id')).toEqual([1, 2])
  })
})
