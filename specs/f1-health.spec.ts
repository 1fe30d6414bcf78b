import { describe, expect, openTcpProxy, test } from '../harness/index.ts'
import { failOnClose, latencyIn, serveMl, stateIn, VERSION } from './vocabulary/ml.ts'

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

  test('F1.0.1 on a slow connection /health reports the latency, and degrades above the limit', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    const ml = await serveMl(project, db, { through: proxy })
    const before = await ml.ask('/health')

    proxy.delay(100)
    const slow = await ml.ask('/health')
    proxy.delay(1500)
    const tooSlow = await ml.ask('/health')
    proxy.delay(0)
    const after = await ml.ask('/health')

    expect(latencyIn(slow)).toBeGreaterThanOrEqual(200)
    expect(stateIn(tooSlow)).toEqual(down('timeout'))
    expect([before, after]).toMatchObject([{ status: 200 }, { status: 200 }])
  })

  test('F1.0.1 the service starts with a paused database, and reports it to 50 concurrent clients over one connection', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    proxy.freeze()
    const ml = await serveMl(project, db, { through: proxy })

    const replies = await ml.askAll(Array(50).fill('/health'))

    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]))
    expect(proxy.connectionCount()).toBeLessThanOrEqual(1)
  })

  test('F1.0.1 /health degrades when the registry is locked or missing', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    await db.query('begin; lock table ml.model in access exclusive mode')

    const locked = await ml.ask('/health')
    await db.query('drop table ml.model; commit')
    const missing = await ml.ask('/health')

    expect(stateIn(locked)).toEqual(down('timeout'))
    expect(stateIn(missing)).toEqual(down('unprepared'))
  })

  test('F1.0.1 /health degrades when the login is refused', async ({ project, db }) => {
    const ml = await serveMl(project, db, { password: 'another one' })

    const reply = await ml.ask('/health')

    expect(stateIn(reply)).toEqual(down('refused'))
  })
})

describe('The shutdown of the ML stub', () => {
  test('requests in progress are answered before the service ends', async ({ project, db }) => {
    await using proxy = await openTcpProxy(db.url)
    proxy.freeze()
    const ml = await serveMl(project, db, { through: proxy })
    const underWay = ml.ask('/models')
    await expect.poll(() => proxy.connectionCount(), { timeout: 20_000 }).toBeGreaterThan(0)

    ml.end()

    expect(await underWay).toMatchObject({ status: 503 })
    expect(await ml.ended()).toBe(0)
  })

  test('a shutdown that fails is logged, and the service exits with 1', async ({ project, db }) => {
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
