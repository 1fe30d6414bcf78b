import { type Database, describe, expect } from '../harness/index.ts'
import { createSealedLog, removeOldMonth } from './vocabulary/audit-seals.ts'
import { backUpIn, test as base, missingIn, restoreInto, statusOf, textOf } from './vocabulary/backups.ts'
import { createDatabase, openOther } from './vocabulary/databases.ts'
import { asSuperuser, intoServer, openRestored } from './vocabulary/fresh-server.ts'
import { backUpAndRead } from './vocabulary/manifests.ts'
import { addMigration, migrate } from './vocabulary/migrations.ts'
import { useWholeApplication } from './vocabulary/opt-in.ts'

import { emptyTables, fillEmptyTables } from './vocabulary/sample-rows.ts'

const SLOW = { timeout: 180_000 }

const test = base.extend('template', 'rls')

const LOCALE = `select concat_ws(' ', datlocprovider, datlocale, datcollate, datctype) from pg_database where datname = current_database()`

/** In every table at least one row; those of the audit log are as the log writes them, because a restore verifies it. */
async function fillTables(db: Database): Promise<void> {
  await removeOldMonth(db)
  await createSealedLog(db)
  await fillEmptyTables(db)
}

describe('G1.0 A restored backup', SLOW, () => {
  test('G1.0.1 it has the same rows, roles, grants, policies and sequences in a server that is new', async ({
    startJob,
    project,
    cluster,
    server,
  }) => {
    const job = await startJob()
    // Its roles are those of the whole server, where no other test makes one.
    const db = await cluster.database()
    const opted = await migrate(project, db, 'apply', '--with', 'rls')
    await fillTables(db)
    await db.query('create sequence public.unused')
    await db.query(`grant temporary on database ${db.name} to public`)
    const before = await textOf(job, `postgres:${await db.value('show port')}`, db, new URL(db.url).password)

    const backedUp = await backUpIn(job, db)
    const restored = await restoreInto(job, server, db, db.name)

    expect([await emptyTables(db), missingIn(before)]).toEqual([[], []])
    expect([opted.exitCode, backedUp.exitCode, restored.exitCode]).toEqual([0, 0, 0])
    expect(await textOf(job, server.host, db)).toEqual(before)
  })

  test.for([
    "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'",
    "locale_provider icu icu_locale 'de' locale 'C.UTF-8'",
    "lc_collate 'C' lc_ctype 'C.UTF-8'",
  ])(
    'G1.0.1 a database that was made with %s is made so again',
    async (options, { startJob, project, db, server }) => {
      const job = await startJob()
      await using other = await createDatabase(db, `encoding 'UTF8' ${options}`)
      const applied = await migrate(project, other, 'apply')
      await using database = await openOther(other)

      const { exitCode } = await backUpAndRead(job, database)
      const restored = await restoreInto(job, server, database, database.name)

      expect([applied.exitCode, exitCode, restored.exitCode]).toEqual([0, 0, 0])
      const { stdout } = await asSuperuser(server, database.name, LOCALE)
      expect(stdout.trim()).toBe(await database.value(LOCALE))
    },
  )

  test('G1.0.2 the application works on it for a whole day, as itself, and nothing is pending', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await job.json(['backup'])

    const { exitCode } = await restoreInto(job, server, db, db.name)
    const status = await statusOf(job, server, db)

    expect([exitCode, status.exitCode]).toEqual([0, 0])
    expect(status.stdout).toContain(' 0 pending')
    await using restored = await openRestored(server, db)
    await expect(useWholeApplication(restored)).resolves.toEqual({
      registered: 'accepted',
      isIdentified: true,
      sessions: 1,
      accepted: 1,
      ended: true,
    })
  })

  test('G1.0.2 a backup that is older than a migration is restored as it was, and the migration is named', async ({
    startJob,
    project,
    db,
    server,
  }) => {
    const older = await startJob()
    const { id, takenAt } = await older.json<{ id: string; takenAt: string }>(['backup'])
    await addMigration(project, '0999_later', 'create table public.later (id int);')
    const newer = await startJob()

    const tested = await newer.run(['restore-test', '--json'])
    const words = ['restore', '--database', db.name, '--json']
    const restored = await newer.run(words, intoServer(server.host, db))
    const status = await statusOf(newer, server, db)

    const pending = ['0999_later']
    expect([tested.exitCode, restored.exitCode, status.exitCode]).toEqual([0, 0, 33])
    expect(JSON.parse(tested.stdout)).toMatchObject({
      backup: id,
      isProven: true,
      findings: [],
      pending,
      objects: null,
    })
    const result = JSON.parse(restored.stdout)
    expect(result).toMatchObject({ backup: id, pending, objects: null })
    expect(result.rpoSeconds).toBeGreaterThanOrEqual(0)
    expect(result.rpoSeconds).toBeLessThanOrEqual((Date.now() - Date.parse(takenAt)) / 1000)
  })
})
