import { describe, expect } from '../harness/index.ts'
import { backUpIn, restoreInto, test } from './vocabulary/backups.ts'
import {
  asSuperuser,
  closedDatabases,
  databasesOf,
  intoServer,
  startFreshServer,
} from './vocabulary/fresh-server.ts'
import { createTableMeanwhile, killAfterLoading } from './vocabulary/interruptions.ts'
import { createRolesByHand, errorsOf } from './vocabulary/roles-by-hand.ts'
import { replaceContents } from './vocabulary/stored-backups.ts'
import { trapRows, trapVerification } from './vocabulary/traps.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 240_000 }
const WHO_MAY_CONNECT = `select rolname from pg_roles
  where not rolsuper and has_database_privilege(oid, current_database(), 'connect')`

describe('G1.3 A restore', SLOW, () => {
  test('G1.3.3 a live database is replaced only when it is named twice, and kept under another name', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    const restore = (...words: string[]) => restoreInto(job, server, db, 'live', ...words)
    await insertUser(db)
    const { id } = await job.json<{ id: string }>(['backup'])
    await restore()
    await asSuperuser(server, 'live', 'delete from auth.users')

    const outcomes = [await restore(), await restore('--confirm', 'postgres')]
    // After a crash the statistics count no rows.
    await asSuperuser(server, 'live', 'select pg_stat_reset()')
    outcomes.push(await restore())
    const untouched = await asSuperuser(server, 'live', 'select count(*) from auth.users')
    const confirmed = await restore('--confirm', 'live')

    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([4, 4, 4])
    expect(outcomes[0]?.stderr).toMatch(
      /live, marked test: \d+ tables, about \d+ rows, last audited change 20/,
    )
    expect([untouched.stdout, confirmed.exitCode]).toEqual(['0\n', 0])
    expect((await asSuperuser(server, 'live', 'select count(*) from auth.users')).stdout).toBe('1\n')
    const kept = `live_before_${id.toLowerCase()}`
    expect([await databasesOf(server), await closedDatabases(server)]).toEqual([['live', kept], [kept]])
    expect((await restore('--confirm', 'live')).exitCode).toBe(0)
    expect(await closedDatabases(server)).toEqual([kept, `${kept}_2`])
  })

  test('B1.0.10 neither a restore nor its comparison runs as a superuser what the owner of the schema wrote', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await trapVerification(db)
    await trapRows(db)
    await job.json(['backup'])

    const restored = await restoreInto(job, server, db, 'live')

    const superusers = `select string_agg(rolname, ' ') from pg_roles where rolsuper`
    expect(restored.exitCode, restored.stderr).toBe(0)
    expect((await asSuperuser(server, 'live', superusers)).stdout).toBe('postgres\n')
  })

  test('G1.3.3 a restore without the password of a login that it uses is refused before it creates anything', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await job.json(['backup'])

    for (const variable of ['HMA_BACKUP_PASSWORD', 'HMA_MIGRATOR_PASSWORD', 'HMA_APP_PASSWORD']) {
      const environment = { ...intoServer(server.host, db), [variable]: '' }
      const refused = await job.run(['restore', '--database', 'copy'], environment)
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(variable) })
    }

    const roles = await asSuperuser(server, 'postgres', "select rolname from pg_roles where rolname ~ '^hma'")
    expect([await databasesOf(server), roles.stdout.trim()]).toEqual([[], ''])
  })

  test('G1.3.3 a restore that fails leaves the databases as they were', async ({
    startJob,
    db,
    bucket,
    server,
  }) => {
    const job = await startJob()
    const restore = (...words: string[]) => restoreInto(job, server, db, 'live', ...words)
    const older = await job.json<{ id: string }>(['backup'])
    await restore()
    await insertUser(db)
    const newer = await job.json<{ id: string }>(['backup'])
    await replaceContents(bucket, db, { of: newer.id, by: older.id })

    const failed = await restore('--confirm', 'live')

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('auth.users has 0 rows') })
    expect(await databasesOf(server)).toEqual(['live'])
    expect((await asSuperuser(server, 'live', 'select count(*) from auth.users')).stdout).toBe('0\n')
  })

  test('G1.3.3 a live database that has the name of a restore under way is refused, and what a killed one left is open to its owner alone, and removed', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    const restore = (database: string, variables: Record<string, string> = {}) =>
      job.run(['restore', '--database', database], { ...intoServer(server.host, db), ...variables })
    await job.json(['backup'])
    await restore('live_restoring')

    const refused = await restore('live')
    const untouched = await databasesOf(server)
    await asSuperuser(server, 'postgres', 'alter database live_restoring rename to other')
    const killed = await restore('live', await killAfterLoading(job))
    const left = await databasesOf(server)
    const loaded = await asSuperuser(
      server,
      'live_restoring',
      'select count(*) > 0 from ops.schema_migration',
    )
    const users = await asSuperuser(server, 'live_restoring', WHO_MAY_CONNECT)
    const again = await restore('live')

    expect([refused.exitCode, killed.exitCode, again.exitCode]).toEqual([4, 137, 0])
    expect([untouched, left]).toEqual([['live_restoring'], ['live_restoring', 'other']])
    expect([loaded.stdout, users.stdout]).toEqual(['t\n', 'hma_migrator\n'])
    expect(await databasesOf(server)).toEqual(['live', 'other'])
  })

  test('G1.3.3 an empty database that gets its first table during the restore is not replaced', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await job.json(['backup'])
    await asSuperuser(server, 'postgres', 'create database live')
    const variables = { ...intoServer(server.host, db), ...(await createTableMeanwhile(job, server)) }

    const refused = await job.run(['restore', '--database', 'live'], variables)

    expect(refused.exitCode).toBe(4)
    expect(await databasesOf(server)).toEqual(['live'])
    expect((await asSuperuser(server, 'live', 'select count(*) from meanwhile')).stdout).toBe('0\n')
  })

  test('G1.3.3 a server without PostGIS is refused, and gets no database', async ({
    startJob,
    db,
    testContainer,
  }) => {
    const job = await startJob()
    const server = await startFreshServer(testContainer, 'postgres')
    await job.json(['backup'])

    const refused = await restoreInto(job, server, db, 'live')

    expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('extension postgis') })
    expect(await databasesOf(server)).toEqual([])
  })

  test('G1.3.3 a server without a role that has a view or a privilege in the backup, and that no restore makes, is refused by its name, and gets no database', async ({
    startJob,
    cluster,
    server,
  }) => {
    const job = await startJob()
    const db = await cluster.database()
    const roles = await createRolesByHand(db)
    const backedUp = await backUpIn(job, db)

    const refused = await restoreInto(job, server, db, 'live')

    expect([backedUp.exitCode, refused.exitCode]).toEqual([0, 4])
    for (const role of roles) expect(errorsOf(refused)).toEqual([expect.stringContaining(role)])
    expect(await databasesOf(server)).toEqual([])
  })
})
