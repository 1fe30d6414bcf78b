import { describe, expect } from '../harness/index.ts'
import { filesLeft, test } from './vocabulary/backups.ts'
import { asSuperuser, databasesOf, intoServer } from './vocabulary/fresh-server.ts'
import { startHeld } from './vocabulary/interruptions.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 240_000 }

describe('G1.3 Two runs at once', SLOW, () => {
  test('G1.3.2 a second restore test at the same time is refused, and the first one ends well', async ({
    startJob,
  }) => {
    const job = await startJob()
    const { id } = await job.json<{ id: string }>(['backup'])
    const first = await startHeld(job, 'pg_restore', ['restore-test', '--json'])

    const second = await job.run(['restore-test', '--json'])
    const ended = await first.goOn()

    expect([second.exitCode, ended.exitCode]).toEqual([5, 0])
    expect(JSON.parse(ended.stdout)).toMatchObject({ backup: id, isProven: true, findings: [] })
    expect(await filesLeft(job)).toEqual([`/backups/restore-tests/${id}.json`])
  })

  test('G1.3.3 a second restore at the same time is refused, whatever its database is called, and the first one ends well', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    const into = intoServer(server.host, db)
    const restore = (database: string) => job.run(['restore', '--database', database], into)
    await insertUser(db)
    await job.json(['backup'])
    const first = await startHeld(job, 'pg_restore', ['restore', '--database', 'live'], into)

    const refused = [await restore('live'), await restore('other')]
    const meanwhile = await databasesOf(server)
    const ended = await first.goOn()

    expect([...refused, ended].map(({ exitCode }) => exitCode)).toEqual([5, 5, 0])
    expect([meanwhile, await databasesOf(server)]).toEqual([['live_restoring'], ['live']])
    expect((await asSuperuser(server, 'live', 'select count(*) from auth.users')).stdout).toBe('1\n')
    expect(await filesLeft(job)).toEqual([])
  })
})
