import { type Database, describe, expect } from '../harness/index.ts'
import { restoreInto, test } from './vocabulary/backups.ts'
import { asSuperuser, type FreshServer, intoServer, openRestored } from './vocabulary/fresh-server.ts'
import { trapBackup, trapTarget, wasTakenOver } from './vocabulary/take-over.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 240_000 }
/** The name that a restore of `live` needs until it has ended. */
const LIVE = 'live_restoring'

/** The session ends with it, so that none is left when the database is replaced. */
async function trapLive(server: FreshServer, db: Database): Promise<void> {
  await using live = await openRestored(server, { ...db, name: LIVE })
  await trapTarget(live)
}

describe('B1.0 What a restore reads, and with whose rights', SLOW, () => {
  test('B1.0.10 a restore reads nothing of a live database as a superuser that its owner can replace', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    const restore = (...words: string[]) => job.run(['restore', ...words], intoServer(server.host, db))
    await insertUser(db)
    const { id } = await job.json<{ id: string }>(['backup'])
    await restore('--database', LIVE)
    await trapLive(server, db)

    const refused = await restore('--database', LIVE)
    const inTheWay = await restore('--database', 'live')
    await asSuperuser(server, 'postgres', 'alter role hma_backup superuser')
    const unread = await restore('--database', LIVE)
    const replaced = await restore('--database', LIVE, '--confirm', LIVE)

    const exitCodes = [refused, inTheWay, unread, replaced].map(({ exitCode }) => exitCode)
    expect(exitCodes, replaced.stderr).toEqual([4, 4, 4, 0])
    expect(await wasTakenOver(server.container)).toBe(false)
    expect(refused.stderr).toMatch(/marked test: \d+ tables, about \d+ rows, last audited change 20/)
    const kept = `${LIVE}_before_${id.toLowerCase()}`
    await asSuperuser(server, 'postgres', `alter database ${kept} allow_connections true`)
    expect((await asSuperuser(server, kept, 'select is_called from ops.superusers')).stdout).toBe('f\n')
    // The traps are there, and notice a superuser.
    await asSuperuser(server, kept, 'select name from ops.environment')
    expect(await wasTakenOver(server.container)).toBe(true)
  })

  test('B1.0.10 neither a restore nor a restore test evaluates as a superuser what came with the backup', async ({
    startJob,
    db,
    bucket,
    server,
  }) => {
    const job = await startJob()
    await trapBackup(db)

    const made = await job.run(['backup'], { HMA_BUCKET: bucket.name })
    const restored = await restoreInto(job, server, db, 'live')
    const tested = await job.run(['restore-test'])

    const outcomes = [made, restored, tested]
    const errors = outcomes.map(({ stderr }) => stderr).join('')
    expect(
      outcomes.map(({ exitCode }) => exitCode),
      errors,
    ).toEqual([0, 0, 0])
    expect([await wasTakenOver(server.container), await wasTakenOver(job.container)]).toEqual([false, false])
    await asSuperuser(server, 'live', 'select from ops.schema_migration')
    expect(await wasTakenOver(server.container)).toBe(true)
  })
})
