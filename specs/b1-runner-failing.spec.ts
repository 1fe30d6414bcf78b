import { type Database, describe, expect, test } from '../harness/index.ts'
import { addMigration, catalogOf, ledgerOf, migrate, resultOf, statusOf } from './vocabulary/migrations.ts'
import { holdWrite, killWhileBuilding, validityOf } from './vocabulary/runners.ts'
import { insertUser } from './vocabulary/users.ts'

const VISITS = `create table auth.visits (at date not null, name text) partition by range (at);
  create table auth.first_visits partition of auth.visits for values from ('2026-01-01') to ('2027-01-01');
  insert into auth.visits values ('2026-01-01', 'mia'), ('2026-01-02', 'mia');`
const INDEX = '-- no-transaction\ncreate index concurrently names on auth.first_visits (name);'
const UNIQUE = INDEX.replace('index', 'unique index')
const DROP = 'drop index concurrently auth.names;'
const DETACH = '-- no-transaction\nalter table auth.visits detach partition auth.first_visits concurrently;'
const ATTACH = `alter table auth.visits attach partition auth.first_visits
  for values from ('2026-01-01') to ('2027-01-01');`
const BIRTHS =
  '-- no-transaction\ncreate unique index concurrently users_by_birth on auth.users (date_of_birth);'
const DROP_BIRTHS = 'drop index concurrently auth.users_by_birth;'
/** Without the check that the detach left, the table takes a row that no longer fits. */
const UNFIT = `do $$ declare k name; begin
    for k in select conname from pg_constraint
      where conrelid = 'auth.first_visits'::regclass and contype = 'c'
    loop execute format('alter table auth.first_visits drop constraint %I', k); end loop; end $$;
  insert into auth.first_visits values ('2027-01-01', 'mia')`

/** What fails, what makes it fail, the files, the command and the SQLSTATE. */
const FAILING_WITHOUT_TRANSACTION = [
  ['build of an index', 'select 1', UNIQUE, DROP, 'apply', '23505'],
  [
    'build of an index whose name is in use',
    'create index names on auth.first_visits (at)',
    INDEX,
    DROP,
    'apply',
    '42P07',
  ],
  [
    'drop of an index',
    'alter table auth.first_visits add constraint names unique using index names',
    UNIQUE.replace('(name)', '(at)'),
    DROP,
    'down',
    '2BP01',
  ],
  [
    'detach',
    'create table auth.other_visits partition of auth.visits default',
    DETACH,
    ATTACH,
    'apply',
    '55000',
  ],
  ['attach', UNFIT, DETACH, ATTACH, 'down', '23514'],
] as const

/** The whole catalog, and the names in the ledger with their states. */
async function stateOf(db: Database): Promise<unknown> {
  const ledger = await db.query('select name, state from ops.schema_migration order by position')
  return { catalog: await catalogOf(db), ledger }
}

describe('B1.0 A migration that fails', () => {
  test('B1.0.5 a failing migration leaves neither its change nor its ledger row', async ({ project, db }) => {
    await addMigration(project, '9998_broken', 'create table auth.half (id int);\nselect 1 / 0;')
    const before = await stateOf(db)

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(1)
    expect(resultOf(applied).error).toMatchObject({ file: '9998_broken.up.sql', sqlstate: '22012' })
    expect(await stateOf(db)).toEqual(before)
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
    expect(await db.value(`select to_regclass('auth.stuck')`)).not.toBeNull()
    expect(await ledgerOf(db)).toContain('9998_stuck')
  })

  test.for(FAILING_WITHOUT_TRANSACTION)(
    'B1.0.5 a concurrent %s that fails leaves neither a change nor a ledger row',
    async ([, arrange, up, down, command, sqlstate], { project, db }) => {
      await addMigration(project, '9997_visits', VISITS)
      await migrate(project, db, 'apply')
      await addMigration(project, '9998_concurrent', up, down)
      if (command === 'down') await migrate(project, db, 'apply')
      await db.query(arrange)
      const before = await stateOf(db)

      const failed = await migrate(project, db, command, '--json')

      expect(resultOf(failed).error).toMatchObject({ exitCode: 1, sqlstate })
      expect(await stateOf(db)).toEqual(before)
    },
  )

  test('B1.0.5 migrations before a failing one remain applied', async ({ project, db }) => {
    await addMigration(project, '9997_whole', 'create table auth.whole (id int);')
    await addMigration(project, '9998_broken', 'select 1 / 0;')

    expect(await migrate(project, db, 'apply')).toMatchObject({ exitCode: 1 })
    expect(await db.value(`select to_regclass('auth.whole')`)).not.toBeNull()
    expect(await statusOf(project, db)).toMatchObject({ pending: ['9998_broken'] })
  })

  test('B1.0.5 a migration that ends its transaction is refused', async ({ project, db }) => {
    await addMigration(project, '9998_sly', 'create table auth.half (id int); commit; select 1;')

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(4)
    expect(resultOf(applied).error).toMatchObject({ file: '9998_sly.up.sql' })
    expect(await db.value(`select to_regclass('auth.half')`)).toBeNull()
  })

  test('B1.0.5 a build that fails after one that was killed leaves neither an index nor a ledger row', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_index', BIRTHS, DROP_BIRTHS)
    await killWhileBuilding(project, db, await holdWrite(db))
    for (const email of ['mia@example.org', 'noa@example.org']) await insertUser(db, { email })

    const failed = await migrate(project, db, 'apply', '--json')

    expect(resultOf(failed).error).toMatchObject({ exitCode: 1, sqlstate: '23505' })
    expect(await validityOf(db, 'auth.users_by_birth')).toEqual([])
    expect(await statusOf(project, db)).toMatchObject({ pending: ['9998_index'], interrupted: [] })
  })
})
