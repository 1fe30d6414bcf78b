import { describe, expect } from '../harness/index.ts'
import { backUpIn, filesLeft, statesOf, test } from './vocabulary/backups.ts'
import { createUnprivilegedLogin } from './vocabulary/logins.ts'
import { LOGINS } from './vocabulary/matrix.ts'
import { backUpWithEachOfOthers } from './vocabulary/roles-by-hand.ts'

const SLOW = { timeout: 120_000 }

/** Answers as a client of another version; everything else is the real one's. */
const clientOf = (version: string) =>
  `[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) ${version}' && exit
exec /usr/lib/postgresql/17/bin/pg_dump "$@"`

/** Schemas of the same names as HMA's, with more tables. */
const OTHER_PRODUCT = `create schema auth; create schema ops;
  do $$ begin
    for n in 1..40 loop execute format('create table auth.other_%s (id integer)', n); end loop;
  end $$`

/** A ledger as HMA's, and nine tables with it: fewer than any database of HMA has. */
const FEW_TABLES = `
  do $$ begin
    for n in 8..40 loop execute format('drop table auth.other_%s', n); end loop;
  end $$;
  drop table ops.schema_migration;
  create table ops.schema_migration (name text, position integer, state text);
  insert into ops.schema_migration values ('0001', 1, 'done');
  create table ops.environment (name text)`

describe('G1.1 A source that would give a worthless backup', SLOW, () => {
  test('G1.1.4 a database that is empty, or whose ledger is, is refused, and its own is not', async ({
    startJob,
    db,
    emptyDb,
  }) => {
    const job = await startJob()
    await emptyDb.query(`grant connect on database ${emptyDb.name} to hma_backup`)

    const empty = await job.run(['backup'], {
      HMA_DATABASE_URL: `postgres://hma_backup@postgres:5432/${emptyDb.name}`,
    })
    const right = await job.run(['backup'])
    await db.query('truncate ops.schema_migration')
    const unmigrated = await job.run(['backup'])

    expect([empty.exitCode, right.exitCode, unmigrated.exitCode]).toEqual([4, 0, 4])
    expect(empty.stderr).toContain('no database of HMA')
    expect(await statesOf(job)).toHaveLength(1)
  })

  test('G1.1.4 a database is refused that has something which another role wrote and only a superuser could restore, with its name', async ({
    startJob,
    cluster,
  }) => {
    const job = await startJob()
    const db = await cluster.database()

    const refused = await backUpWithEachOfOthers(job, db)
    // No dump has a temporary table.
    await db.query('create temporary table passing (id integer); alter table passing owner to nobody')
    const right = await backUpIn(job, db)

    expect(refused).toHaveLength(6)
    expect(refused).toEqual(
      refused.map(({ name }) => ({ name, exitCode: 4, stderr: expect.stringContaining(name) })),
    )
    expect(right.exitCode).toBe(0)
    expect(await statesOf(job)).toHaveLength(1)
  })

  test('G1.1.4 a database of another product is refused, whatever tables and ledger it has', async ({
    startJob,
    emptyDb,
  }) => {
    const job = await startJob()
    await emptyDb.query(`grant connect on database ${emptyDb.name} to hma_backup`)
    await emptyDb.query(OTHER_PRODUCT)
    const variables = { HMA_DATABASE_URL: `postgres://hma_backup@postgres:5432/${emptyDb.name}` }

    const withoutLedger = await job.run(['backup'], variables)
    await emptyDb.query('create table ops.schema_migration (version integer)')
    const withAnother = await job.run(['backup'], variables)
    await emptyDb.query('alter table ops.schema_migration add column state integer')
    const withNumbers = await job.run(['backup'], variables)
    await emptyDb.query(FEW_TABLES)
    const withoutTables = await job.run(['backup'], variables)

    const refused = [withoutLedger, withAnother, withNumbers, withoutTables]
    expect(refused.map(({ exitCode }) => exitCode)).toEqual([4, 4, 4, 4])
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

  test('G1.1.4 every login that row security filters is refused, and so is a superuser', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    const logins = [...LOGINS, 'postgres']

    const exitCodes: number[] = []
    for (const login of logins) {
      const HMA_DATABASE_URL = `postgres://${login}@postgres:5432/${db.name}`
      const HMA_DATABASE_PASSWORD = db.passwords[login] ?? new URL(db.url).password
      const { exitCode } = await job.run(['backup'], { HMA_DATABASE_URL, HMA_DATABASE_PASSWORD })
      exitCodes.push(exitCode)
    }

    expect(exitCodes).toEqual(logins.map(() => 4))
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

  test('G1.1.4 a login that is a member of hma_backup is refused, because row security filters it nevertheless', async ({
    startJob,
    cluster,
  }) => {
    const job = await startJob()
    const db = await cluster.database()
    const member = await createUnprivilegedLogin(db)
    await db.query(`grant hma_backup to ${member.name}`)
    const place = `postgres:${await db.value('show port')}/${db.name}`

    const exitCodes: number[] = []
    for (const login of [member.name, 'hma_backup']) {
      const HMA_DATABASE_PASSWORD = db.passwords[login] ?? ''
      const variables = { HMA_DATABASE_URL: `postgres://${login}@${place}`, HMA_DATABASE_PASSWORD }
      exitCodes.push((await job.run(['backup'], variables)).exitCode)
    }

    expect(exitCodes).toEqual([4, 0])
    expect(await statesOf(job)).toHaveLength(1)
  })

  test('G1.1.4 a client that is older than the server is refused, and one that is newer is not', async ({
    startJob,
  }) => {
    const job = await startJob()

    const older = await job.run(['backup'], await job.replace('pg_dump', clientOf('16.11')))
    const newer = await job.run(['backup'], await job.replace('pg_dump', clientOf('18.1')))

    expect(older).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('version 16, and the server is version 17'),
    })
    expect(newer.exitCode).toBe(0)
    expect(await statesOf(job)).toHaveLength(1)
  })
})
