import { type Database, describe, expect, test } from '../harness/index.ts'
import { lastWritersOf } from './vocabulary/last-writers.ts'
import { objectsFound, objectsListed } from './vocabulary/matrix.ts'
import {
  addMigration,
  catalogOf,
  defaultMigrations,
  editMigration,
  ledgerOf,
  migrate,
  removeMigration,
  resultOf,
  statusOf,
} from './vocabulary/migrations.ts'
import { objectsOf } from './vocabulary/objects.ts'

const VISITS = `create table auth.visits (at date not null, name text) partition by range (at);
  create table auth.first_visits partition of auth.visits for values from ('2026-01-01') to ('2027-01-01');
  insert into auth.visits values ('2026-01-01', 'mia'), ('2026-01-02', 'mia');`
const INDEX = '-- no-transaction\ncreate index concurrently names on auth.first_visits (name);'
const UNIQUE = INDEX.replace('index', 'unique index')
const DROP = 'drop index concurrently auth.names;'
const DETACH = '-- no-transaction\nalter table auth.visits detach partition auth.first_visits concurrently;'
const ATTACH = `alter table auth.visits attach partition auth.first_visits
  for values from ('2026-01-01') to ('2027-01-01');`

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
] as const

/** The whole catalog, and the names in the ledger with their states. */
async function stateOf(db: Database): Promise<unknown> {
  const ledger = await db.query('select name, state from ops.schema_migration order by position')
  return { catalog: await catalogOf(db), ledger }
}

describe('B1.0 The migration runner', () => {
  test('B1.0.1 apply takes an empty database to the newest version', async ({ project, emptyDb }) => {
    const applied = await migrate(project, emptyDb, 'apply', '--json')

    expect(applied.exitCode).toBe(0)
    expect(resultOf(applied)).toEqual({ applied: defaultMigrations(project) })
    expect(await ledgerOf(emptyDb)).toEqual(defaultMigrations(project))
    expect(objectsFound(await objectsOf(emptyDb))).toEqual(objectsListed())
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
    expect(await db.count('auth.stuck')).toBe(0)
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

  test.for(['down', 'verify'])(
    'B1.0.6 %s refuses an edited migration, too, and the error names it',
    async (command, { project, db }) => {
      await editMigration(project, defaultMigrations(project).at(-1) ?? '', 'down')

      const refused = await migrate(project, db, command, '--json')

      expect(resultOf(refused).error).toMatchObject({
        exitCode: 4,
        edited: [defaultMigrations(project).at(-1)],
      })
      expect(await ledgerOf(db)).toEqual(defaultMigrations(project))
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
