import { describe, expect } from '../harness/index.ts'
import { filesLeft, statesOf, test } from './vocabulary/backups.ts'
import { LOGINS } from './vocabulary/matrix.ts'

const SLOW = { timeout: 120_000 }

/** Answers as a client of another version; everything else is the real one's. */
const clientOf = (version: string) =>
  `[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) ${version}' && exit
exec /usr/lib/postgresql/17/bin/pg_dump "$@"`

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
