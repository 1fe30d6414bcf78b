import { describe, expect, openTcpProxy, test } from '../harness/index.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import { impossibleLatencies, measureHealth } from './vocabulary/measured-health.ts'
import { expectMl, failOnClose, serveMl, stateIn, VERSION } from './vocabulary/ml.ts'
import { holdModels, register } from './vocabulary/models.ts'

/** Of the service to the registry at most. */
const CONNECTIONS = 4

const up = {
  status: 200,
  body: {
    ...{ status: 'ok', version: VERSION },
    dependencies: { database: { status: 'up', latencyMs: expect.any(Number) } },
  },
}
const down = (reason: string) => ({
  status: 503,
  body: { status: 'degraded', version: VERSION, dependencies: { database: { status: 'down', reason } } },
})

describe('F1.0 The health of the ML stub', () => {
  test('F1.0.1 /health answers 200 with the state of its database', async ({ project, db }) => {
    const ml = await serveMl(project, db)

    const reply = await ml.ask('/health')

    expect([stateIn(reply), reply.type]).toEqual([up, 'application/json'])
  })

  test('F1.0.1 /health answers 200 from its own image', async ({ web }) => {
    const ml = await web('ml')

    const reply = await ml.get('/health')

    expect(stateIn(reply)).toEqual(up)
  })

  test('F1.0.1 when the database is unreachable /health degrades, /live does not, and /health recovers', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    const ml = await serveMl(project, db, { through: proxy })
    const before = await ml.ask('/health')

    await proxy.disconnect()
    const [during, alive] = await ml.askAll(['/health', '/live'])
    await proxy.reconnect()
    const after = await ml.ask('/health')

    expect(stateIn(during)).toEqual(down('unreachable'))
    expect(alive).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect([before.status, after.status]).toEqual([200, 200])
  })

  test('F1.0.1 /health degrades when the database is paused, and recovers when it continues', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    const ml = await serveMl(project, db, { through: proxy })
    const before = await ml.ask('/health')

    proxy.freeze()
    const during = await ml.ask('/health')
    proxy.thaw()
    const after = await ml.ask('/health')

    expect(stateIn(during)).toEqual(down('timeout'))
    expect([before.status, after.status]).toEqual([200, 200])
  })

  test('F1.0.1 on a slow connection /health reports the latency of its own check, and degrades above the limit', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    const ml = await serveMl(project, db, { through: proxy })
    const before = await measureHealth(ml)

    proxy.delay(110) // each way; a timer may end a moment early
    const slow = await measureHealth(ml)
    proxy.delay(1500)
    const tooSlow = await ml.ask('/health')
    proxy.delay(0)
    const after = [await measureHealth(ml), await measureHealth(ml)]

    expect(slow.latencyMs).toBeGreaterThanOrEqual(200)
    expect(impossibleLatencies([before, slow, ...after])).toEqual([])
    expect(stateIn(tooSlow)).toEqual(down('timeout'))
    expect([before, ...after].map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('F1.0.1 the service starts with a paused database, and reports it to 50 concurrent clients over one connection', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    proxy.freeze()
    const ml = await expectMl(project, db, { through: proxy })

    const replies = await ml.askAll(Array(50).fill('/health'))

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]))
    expect(proxy.connectionCount()).toBeLessThanOrEqual(1)
  })

  test('F1.0.1 a service that is started while its database is gone reports that, and is up once the database is there', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    await proxy.disconnect()
    const ml = await expectMl(project, db, { through: proxy })

    const before = await ml.ask('/health')
    await proxy.reconnect()
    const after = await ml.ask('/health')

    expect([before, after].map(stateIn)).toEqual([down('unreachable'), up])
  })

  test('F1.0.1 /health was up, and degrades at once when the registry is locked, forbidden or missing', async ({
    project,
    db,
  }) => {
    const ml = await serveMl(project, db)
    const before = await ml.ask('/health')
    await db.query('begin; lock table ml.model in access exclusive mode')

    const locked = await ml.ask('/health')
    await db.query('revoke select on ml.model from hma_ml; commit')
    const forbidden = await ml.ask('/health')
    await db.query('drop table ml.model')
    const missing = await ml.ask('/health')

    expect(stateIn(before)).toEqual(up)
    expect(stateIn(locked)).toEqual(down('timeout'))
    expect(stateIn(forbidden)).toEqual(down('refused'))
    expect(stateIn(missing)).toEqual(down('unprepared'))
  })

  test('F1.0.1 /health is up while every connection to the registry is busy', async ({ project, db }) => {
    await register(db)
    await holdModels(db)
    const ml = await serveMl(project, db)
    const pending: Promise<unknown>[] = []
    // More than there are connections, and so late that others wait for one when the first are free again.
    const askMore = () => {
      pending.push(ml.askAll(Array(3 * CONNECTIONS).fill('/models')).catch(() => {}))
      return countLockWaiters(db)
    }
    await expect.poll(askMore, { timeout: 20_000, interval: 400 }).toBeGreaterThanOrEqual(CONNECTIONS)

    const reply = await ml.ask('/health')
    await Promise.all(pending)

    expect(stateIn(reply)).toEqual(up)
  })

  test('F1.0.1 /health degrades when the login is refused', async ({ project, db }) => {
    const ml = await expectMl(project, db, { password: 'another one' })

    const reply = await ml.ask('/health')

    expect(stateIn(reply)).toEqual(down('refused'))
  })
})

describe('The shutdown of the ML stub', () => {
  test('F1.0.1 while the database is frozen, the service ends without hanging, and answers the requests in progress before', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    proxy.freeze()
    const ml = await serveMl(project, db, { through: proxy })
    const underWay = ml.ask('/models')
    await expect.poll(() => proxy.connectionCount(), { timeout: 20_000 }).toBeGreaterThan(0)

    ml.end()

    expect(await underWay).toMatchObject({ status: 503 })
    expect(await ml.ended()).toBe(0)
  })

  test('F1.0.1 a shutdown that fails is logged, and the service exits with 1', async ({ project, db }) => {
    await failOnClose(project)
    const ml = await serveMl(project, db)

    ml.end()

    expect(await ml.ended()).toBe(1)
    expect(ml.log()).toMatch(/"msg":"the shutdown failed"/)
  })

  test('the log has one line for each answer', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    await ml.askAll(Array(50).fill('/live'))

    ml.end()
    await ml.ended()

    expect(ml.log().match(/"route":"\/live"/g)).toHaveLength(50)
  })
})
