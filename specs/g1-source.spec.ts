import { describe, expect } from '../harness/index.ts'
import { filesLeft, statesOf, test } from './vocabulary/backups.ts'

const SLOW = { timeout: 120_000 }

/** Answers as a client of another version; everything else is the real one's. */
const clientOf = (version: string) =>
  `[ "$1" = --version ] && echo 'pg_dump (PostgreSQL) ${version}' && exit
exec /usr/lib/postgresql/17/bin/pg_dump "$@"`

describe('G1.1 A source that would give a worthless backup', SLOW, () => {
  test('G1.1.4 a database without our migrations is refused, and its own is not', async ({
    startJob,
    emptyDb,
  }) => {
    const job = await startJob()
    await emptyDb.query(`grant connect on database ${emptyDb.name} to hma_backup`)

    const empty = await job.run(['backup'], {
      HMA_DATABASE_URL: `postgres://hma_backup@postgres:5432/${emptyDb.name}`,
    })
    const right = await job.run(['backup'])

    expect([empty.exitCode, right.exitCode]).toEqual([4, 0])
    expect(empty.stderr).toContain('no database of HMA')
    expect(await statesOf(job)).toHaveLength(1)
  })

  test.for([
    ['the application', 'hma_app', 'row security filters it'],
    ['a superuser', 'postgres', 'is a superuser'],
  ] as const)('G1.1.4 the login of %s is refused', async ([, login, reason], { startJob, db }) => {
    const job = await startJob()

    const refused = await job.run(['backup'], {
      HMA_DATABASE_URL: `postgres://${login}@postgres:5432/${db.name}`,
      HMA_DATABASE_PASSWORD: db.passwords[login] ?? new URL(db.url).password,
    })

    expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(reason) })
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
