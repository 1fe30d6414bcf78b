import { type Database, describe, expect } from '../harness/index.ts'
import { createSealedLog, removeOldMonth } from './vocabulary/audit-seals.ts'
import { test as base, missingIn, statusOf, textOf } from './vocabulary/backups.ts'
import { asApplication, intoServer } from './vocabulary/fresh-server.ts'
import { emptyTables, fillEmptyTables } from './vocabulary/sample-rows.ts'

const SLOW = { timeout: 180_000 }

const test = base.extend('template', 'rls')

/** In every table at least one row; those of the audit log are as the log writes them, because a restore verifies it. */
async function fillTables(db: Database): Promise<void> {
  await removeOldMonth(db)
  await createSealedLog(db)
  await fillEmptyTables(db)
}

describe('G1.0 A restored backup', SLOW, () => {
  test('G1.0.1 it has the same rows, roles, grants, policies and sequences in a server that is new', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await fillTables(db)
    const before = await textOf(job, 'postgres', db, new URL(db.url).password)

    await job.json(['backup'])
    const restored = await job.run(['restore', '--database', db.name], intoServer(server.host, db))

    expect([await emptyTables(db), missingIn(before)]).toEqual([[], []])
    expect(restored.exitCode).toBe(0)
    expect(await textOf(job, server.host, db)).toEqual(before)
  })

  test('G1.0.2 the application works on it with its own login, and nothing is pending', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await job.json(['backup'])
    await job.json(['restore', '--database', db.name], intoServer(server.host, db))

    const status = await statusOf(job, server, db)
    const registered = await asApplication(
      server,
      db,
      `select auth.register('ada@example.org', 'hash', '1990-01-01')`,
    )

    expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(' 0 pending') })
    expect(registered).toMatchObject({ exitCode: 0, stdout: 'accepted\n' })
  })
})
