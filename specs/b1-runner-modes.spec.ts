import { describe, expect, test } from '../harness/index.ts'
import {
  addAfterApply,
  addMigration,
  environmentOf,
  ledgerOf,
  migrate,
  migrateAsMigrator,
  resultOf,
  statusOf,
} from './vocabulary/migrations.ts'
import { startRunner, stop, untilExecuting, untilNoRunner } from './vocabulary/runners.ts'

const GROUP = '-- opt-in: trial\ncreate table auth.trial (id int);'
const UNGROUP = 'drop table auth.trial;'

describe('The modes of the runner', () => {
  test('an opt-in group is reported and not applied by default', async ({ project, db }) => {
    await addMigration(project, '9998_trial', GROUP, UNGROUP)

    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: [] })
    expect(await statusOf(project, db)).toMatchObject({ pending: [], optIn: { trial: 'not applied' } })
    expect(await statusOf(project, db, '--with', 'trial')).toMatchObject({ pending: ['9998_trial'] })
  })

  test('an opt-in group is applied with --with and stays applied', async ({ project, db }) => {
    await addMigration(project, '9998_trial', GROUP, UNGROUP)

    const applied = await migrate(project, db, 'apply', '--with', 'trial', '--json')

    expect(resultOf(applied)).toEqual({ applied: ['9998_trial'] })
    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: [] })
    expect(await statusOf(project, db)).toMatchObject({ pending: [], optIn: { trial: 'applied' } })
  })

  test('down --without undoes only the opt-in group, also when later migrations are applied', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9997_trial', GROUP, UNGROUP)
    await addMigration(project, '9998_later', 'create table auth.later (id int);', 'drop table auth.later;')
    await migrate(project, db, 'apply', '--with', 'trial')

    const down = await migrate(project, db, 'down', '--without', 'trial', '--json')

    expect(resultOf(down)).toEqual({ undone: ['9997_trial'] })
    expect(await statusOf(project, db)).toMatchObject({
      pending: [],
      edited: [],
      optIn: { trial: 'not applied' },
    })
    expect(await ledgerOf(db)).toContain('9998_later')
  })

  test('HMA_RLS=on applies the group rls', async ({ project, db }) => {
    await addMigration(project, '9998_rows', '-- opt-in: rls\ncreate table auth.rows (id int);')
    const environment = { ...environmentOf(db), HMA_RLS: 'on' }

    const applied = await project.run('scripts/migrate.sh', ['apply', '--json'], { environment })

    expect(resultOf(applied).applied).toContain('9998_rows')
    expect(await statusOf(project, db)).toMatchObject({ optIn: { rls: 'applied' } })
  })

  test('a group that no file opts in to is refused', async ({ project, db }) => {
    expect(await migrate(project, db, 'apply', '--with', 'nothing')).toMatchObject({ exitCode: 2 })
    expect(await migrate(project, db, 'down', '--without', 'nothing')).toMatchObject({ exitCode: 2 })
  })

  test('a dry run prints the plan and changes nothing', async ({ project, emptyDb }) => {
    const dry = await migrate(project, emptyDb, 'apply', '--dry-run', '--to', '0001', '--json')

    expect(resultOf(dry)).toEqual({ plan: ['0001_foundations'] })
    expect(
      await emptyDb.value(`select count(*)::int from pg_namespace where nspname in ('ops', 'auth')`),
    ).toBe(0)
  })

  test('apply --to and down --to stop at the migration named', async ({ project, emptyDb }) => {
    const up = await migrate(project, emptyDb, 'apply', '--to', '0002_users', '--json')
    const down = await migrate(project, emptyDb, 'down', '--to', '0001', '--json')

    expect(resultOf(up)).toEqual({ applied: ['0001_foundations', '0002_users'] })
    expect(resultOf(down)).toEqual({ undone: ['0002_users'] })
  })

  test('each migration is reported with its time', async ({ project, db }) => {
    await addMigration(project, '9998_slow', 'select pg_sleep(0.05);')

    const { stderr } = await migrate(project, db, 'apply', '--json')

    const event = JSON.parse(stderr.split('\n').at(-1) ?? '')
    expect(event).toMatchObject({ event: 'applied', name: '9998_slow' })
    expect(event.durationMs).toBeGreaterThanOrEqual(50)
  })

  test('settings of a migration do not affect the next one', async ({ project, db }) => {
    await addMigration(project, '9997_sets', `set search_path = auth; set role hma_auth_definer; select 1;`)
    await addMigration(
      project,
      '9998_reads',
      `create table auth.seen as select current_setting('search_path') as path, current_user::text as role;`,
    )

    await migrate(project, db, 'apply')

    expect(await db.query('select * from auth.seen')).toEqual([{ path: '""', role: 'hma_owner' }])
  })

  test('after-apply.sql runs after each apply and does not count as a migration', async ({ project, db }) => {
    await db.query(
      'create table public.runs (at timestamptz); grant all on public.runs to hma_owner; grant usage on schema public to hma_owner',
    )
    await addAfterApply(project, "insert into public.runs select now() where current_user = 'hma_owner';")

    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: [] })
    expect(resultOf(await migrate(project, db, 'apply', '--json'))).toEqual({ applied: [] })
    expect(await db.count('public.runs')).toBe(2)
  })

  test('after-apply.sql runs only at the newest version and can read the environment', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9997_kinds', 'create table auth.kinds (name text);')
    await addMigration(project, '9998_later', 'create table auth.later (id int);')
    await addAfterApply(
      project,
      `insert into auth.kinds select current_setting('hma.environment') from auth.later;
      insert into auth.kinds select current_setting('hma.environment');`,
    )

    expect(await migrate(project, db, 'apply', '--to', '9997')).toMatchObject({ exitCode: 0 })
    expect(await db.query('select * from auth.kinds')).toEqual([])
    expect(await migrate(project, db, 'apply')).toMatchObject({ exitCode: 0 })
    expect(await db.query('select * from auth.kinds')).toEqual([{ name: 'test' }])
  })

  test('when after-apply.sql fails, the error names it and the migrations remain applied', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_later', 'create table auth.later (id int);')
    await addAfterApply(project, 'create table auth.half (id int);\nselect 1 / 0;')

    const applied = await migrate(project, db, 'apply', '--json')

    expect(applied.exitCode).toBe(1)
    expect(resultOf(applied).error).toMatchObject({ file: 'after-apply.sql', sqlstate: '22012' })
    expect(await db.value(`select to_regclass('auth.half')`)).toBeNull()
    expect(await ledgerOf(db)).toContain('9998_later')
  })

  test('hma_migrator can migrate without being a superuser', async ({ project, db }) => {
    await addMigration(project, '9998_later', 'create table auth.later (id int);', 'drop table auth.later;')

    const applied = await migrateAsMigrator(project, db, 'apply', '--json')

    expect(resultOf(applied)).toEqual({ applied: ['9998_later'] })
    expect(resultOf(await migrateAsMigrator(project, db, 'status', '--json'))).toMatchObject({ pending: [] })
    expect(resultOf(await migrateAsMigrator(project, db, 'down', '--json'))).toEqual({
      undone: ['9998_later'],
    })
  })

  test('a new migration gets the next number and is refused while it has no statement', async ({
    project,
    db,
  }) => {
    const { created } = resultOf(await project.run('scripts/migrate.sh', ['new', 'photos', '--json']))

    const applied = await migrate(project, db, 'apply', '--json')

    expect(created).toMatch(/^\d{4}_photos$/)
    expect(resultOf(applied).error).toMatchObject({ exitCode: 4, file: `${created}.up.sql` })
  })

  test('a runner stops at once on SIGTERM and leaves no change', async ({ project, db }) => {
    await addMigration(project, '9998_long', 'create table auth.half (id int); select pg_sleep(600);')
    const runner = startRunner(project, db, 'apply')
    await untilExecuting(db, 'pg_sleep')

    expect(await stop(runner)).toBe(143)
    await untilNoRunner(db)
    expect(await db.value(`select to_regclass('auth.half')`)).toBeNull()
    expect(await statusOf(project, db)).toMatchObject({ pending: ['9998_long'], interrupted: [], drift: [] })
  })

  test('a server that does not answer is reported in time', async ({ project }) => {
    const environment = { HMA_DATABASE_URL: 'postgres://hma@127.0.0.1:1/hma' }

    const status = await project.run('scripts/migrate.sh', ['status', '--json'], { environment })

    expect(status.exitCode).toBe(3)
    expect(resultOf(status).error).toMatchObject({ reason: 'ECONNREFUSED' })
  })
})
