import { type Database, describe, expect, type Project, test } from '../harness/index.ts'
import {
  addMigration,
  environmentOf,
  migrate,
  migrateAsMigrator,
  resultOf,
  statusOf,
} from './vocabulary/migrations.ts'
import { editPrelude, exitCodesOf } from './vocabulary/prelude.ts'
import { functionsWithoutTrap, hasSuperuserRunOne, trapEverything } from './vocabulary/traps.ts'

const LATER = 'create table auth.later (id int);'
/** Fails in the session of a superuser: a file of the owner has no way around that, wherever it is run. */
const BY_NO_SUPERUSER = 'select 1 / count(*) from pg_roles where rolname = session_user and not rolsuper;'

describe('B1.0 What runs with the rights of a superuser', () => {
  test('B1.0.10 no command runs anything in a superuser’s session that the owner of the schema can change', async ({
    project,
    db,
  }) => {
    await trapEverything(db)
    await editPrelude(project, 'roles.sql')
    await addMigration(
      project,
      '9998_later',
      `${LATER}\n${BY_NO_SUPERUSER}`,
      `drop table auth.later;\n${BY_NO_SUPERUSER}`,
    )
    await editPrelude(project, 'after-apply.sql', BY_NO_SUPERUSER)

    const exitCodes = await exitCodesOf(project, environmentOf(db), [
      'migrate.sh apply',
      'seed.sh all',
      'audit.sh prepare',
      'audit.sh seal',
      'audit.sh verify',
      'audit.sh remove-expired',
      'audit.sh head',
      'migrate.sh verify',
      'migrate.sh apply --accept-drift',
      'migrate.sh down',
      'migrate.sh status',
    ])

    expect(exitCodes).toEqual([0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 33])
    expect(await hasSuperuserRunOne(db)).toBe(false)
  })

  test('B1.0.10 a change of the schema by a superuser runs nothing that its owner can change', async ({
    db,
  }) => {
    await trapEverything(db)

    await db.query(
      'create table public.mine (id int); alter table public.mine add name text; drop table public.mine',
    )

    expect(await hasSuperuserRunOne(db)).toBe(false)
  })

  test('B1.0.10 the traps of these specs notice a superuser who writes', async ({ db }) => {
    await trapEverything(db)
    expect(await functionsWithoutTrap(db)).toEqual([])

    await db.query(`delete from auth.users where email = 'nobody'`)

    expect(await hasSuperuserRunOne(db)).toBe(true)
  })

  test.for([
    'migrate.sh apply',
    'migrate.sh status',
    'migrate.sh down',
    'migrate.sh verify',
    'seed.sh reference',
    'audit.sh head',
    'db-stats.sh',
    'slow-queries.sh',
  ])('B1.0.10 %s refuses to log in as a superuser', async (command, { project, db }) => {
    const environment = { ...environmentOf(db), HMA_DATABASE_URL: db.url }

    expect(await exitCodesOf(project, environment, [command])).toEqual([4])
  })

  test.for(['roles.sql', 'access.sql', 'database.sql'])(
    'B1.0.10 without the superuser, apply refuses a database that was prepared with another %s',
    async (file, { project, emptyDb }) => {
      await prepareAndMigrate(project, emptyDb)
      await editPrelude(project, file)
      await addMigration(project, '9998_later', LATER)

      const applied = await migrateAsMigrator(project, emptyDb, 'apply', '--json')

      expect(applied.exitCode).toBe(4)
      expect(resultOf(applied).error).toMatchObject({ prelude: 'outdated' })
      expect(await emptyDb.value(`select to_regclass('auth.later')`)).toBeNull()
      expect(await statusOf(project, emptyDb)).toMatchObject({ prelude: 'outdated', drift: [] })
    },
  )

  test('B1.0.10 without the superuser, apply refuses a database that was never prepared', async ({
    project,
    emptyDb,
  }) => {
    const applied = await migrateAsMigrator(project, emptyDb, 'apply', '--json')

    expect(resultOf(applied).error).toMatchObject({ exitCode: 4, prelude: 'missing' })
  })

  test('B1.0.10 with the superuser, apply prepares it again, and what that changes is no drift', async ({
    project,
    db,
  }) => {
    await editPrelude(project, 'database.sql', `comment on schema ml is 'Models.';`)

    const applied = await migrate(project, db, 'apply')

    expect(applied).toMatchObject({ exitCode: 0 })
    expect(await db.value(`select obj_description('ml'::regnamespace)`)).toBe('Models.')
    expect(await statusOf(project, db)).toMatchObject({ prelude: 'current', drift: [] })
  })

  test('B1.0.10 after an update of an extension, apply takes back what that granted', async ({
    project,
    emptyDb,
  }) => {
    await prepareAndMigrate(project, emptyDb)
    await emptyDb.query(`update pg_extension set extversion = '0' where extname = 'postgis';
      grant execute on function postgis.postgis_version() to public`)
    expect(await statusOf(project, emptyDb)).toMatchObject({ prelude: 'outdated' })

    expect(await migrate(project, emptyDb, 'apply')).toMatchObject({ exitCode: 0 })

    expect(
      await emptyDb.value(`select has_function_privilege('hma_app', 'postgis.postgis_version()', 'execute')`),
    ).toBe(false)
    expect(await statusOf(project, emptyDb)).toMatchObject({ prelude: 'current' })
  })

  test('B1.0.10 apply repairs who may connect, which a dump of the database does not contain', async ({
    project,
    db,
  }) => {
    await db.query(
      `grant connect on database ${db.name} to public; revoke connect on database ${db.name} from hma_app`,
    )

    await migrate(project, db, 'apply')

    expect(await statusOf(project, db)).toMatchObject({ prelude: 'current', drift: [] })
  })

  test('B1.0.10 drift remains drift when the superuser prepares the database again', async ({
    project,
    db,
  }) => {
    await db.query('alter table auth.users add nickname text')
    await editPrelude(project, 'database.sql', `comment on schema ml is 'Models.';`)

    await migrate(project, db, 'apply')

    expect((await statusOf(project, db)).drift).toEqual([
      { kind: 'table column', identity: 'auth.users.nickname', difference: 'added' },
    ])
  })
})

/** By the runner of this copy: a fault in what it remembers is then there from the beginning. */
async function prepareAndMigrate(project: Project, db: Database): Promise<void> {
  expect(await migrate(project, db, 'apply')).toMatchObject({ exitCode: 0 })
}
