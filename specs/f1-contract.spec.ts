import { describe, expect, openTcpProxy, test } from '../harness/index.ts'
import { contractIn, contractOf, oddPaths, replyOf, serveMl, summariesOf } from './vocabulary/ml.ts'
import { register, registerAll } from './vocabulary/models.ts'

const problem = (kind: string, status: number) => ({
  status,
  type: 'application/problem+json',
  body: { type: `urn:problem-type:hma:${kind}`, status },
})

const EVERY_PART_INVALID = `/models?limit=0&cursor=${'x'.repeat(201)}&name=A&stage=live&task=B&other=1`

describe('F1.1 The contract of the ML stub', () => {
  test('F1.1.3 the published contract names every path and every answer', async ({ project, db }) => {
    const ml = await serveMl(project, db)

    const contract = await contractOf(ml)

    expect(contract).toMatchObject({ version: expect.stringMatching(/^3\.1\.\d$/) })
    expect(contract.answers).toEqual({
      '/live': ['200'],
      '/health': ['200', '503'],
      '/models': ['200', '400', '500', '503'],
      '/models/{name}': ['200', '400', '404', '500', '503'],
    })
  })

  test('F1.1.3 answers obey the published contract', async ({ project, db }) => {
    await registerAll(db, [{ description: 'Trained in May.', stage: 'production' }, { version: '2.0.0' }])
    const ml = await serveMl(project, db)

    const replies = await ml.askAll([
      ...['/live', '/health', '/models', '/models?limit=1', '/models?stage=archived', '/models/moderation'],
      ...['/models/unknown', '/models/NO', '/models?limit=0', '/models?cursor=x', '/nowhere', '/models/%zz'],
    ])

    const { violations } = await contractOf(ml)
    expect(violations(replies)).toEqual([])
    expect(replies.map(({ status }) => status)).toEqual([
      ...[200, 200, 200, 200, 200, 200],
      ...[404, 400, 400, 400, 404, 400],
    ])
  })

  test('F1.1.3 answers obey the published contract while the database is unreachable', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    await proxy.disconnect()
    const ml = await serveMl(project, db, { through: proxy })

    const replies = await ml.askAll(['/live', '/health', '/models', '/models/moderation'])

    const { violations } = await contractOf(ml)
    expect(violations(replies)).toEqual([])
    expect(replies.map(({ status }) => status)).toEqual([200, 503, 503, 503])
  })

  test('F1.1.3 the answer to any request obeys the contract and is no server error', async ({
    project,
    db,
  }) => {
    await register(db)
    const ml = await serveMl(project, db)

    const replies = await ml.askAll(oddPaths(100))

    const { violations } = await contractOf(ml)
    expect(violations(replies)).toEqual([])
    expect(replies.filter(({ status }) => status === 'no answer' || status >= 500)).toEqual([])
  })

  test('F1.1.3 bad input and unknown models are answered by a problem that names each invalid part', async ({
    project,
    db,
  }) => {
    await register(db)
    const ml = await serveMl(project, db)
    const expected = {
      '/models?limit=0': '400 invalid-input query.limit',
      '/models?limit=1': '200',
      '/models?limit=200': '200',
      '/models?limit=201': '400 invalid-input query.limit',
      '/models?limit=ten': '400 invalid-input query.limit',
      '/models?stage=live': '400 invalid-input query.stage',
      '/models?stgae=production': '400 invalid-input query',
      '/models?name=ranking&name=moderation': '400 invalid-input query.name',
      '/models?cursor=bm9uc2Vuc2U': '400 invalid-input query.cursor',
      [EVERY_PART_INVALID]:
        '400 invalid-input query query.cursor query.limit query.name query.stage query.task',
      '/models/Moderation': '400 invalid-input path.name',
      '/models/%zz': '400 invalid-input path',
      '/models/moderation': '200',
      '/models/ranking': '404 unknown-model',
      '/model': '404 unknown-route',
    }

    const summaries = await summariesOf(ml, Object.keys(expected))

    expect(summaries).toEqual(expected)
  })

  test('F1.1.3 a method that would write is refused', async ({ project, db }) => {
    const ml = await serveMl(project, db)

    const reply = await ml.ask('/models/moderation', 'DELETE')

    expect(reply).toMatchObject({ ...problem('wrong-method', 405), allow: 'GET, HEAD' })
  })

  test('F1.1.3 with a paused database the answer is a problem that says how long to wait', async ({
    project,
    db,
  }) => {
    await using proxy = await openTcpProxy(db.url)
    const ml = await serveMl(project, db, { through: proxy })
    await ml.ask('/models')
    proxy.freeze()

    const replies = await ml.askAll(Array(20).fill('/models'))

    const expected = { ...problem('database-unavailable', 503), waitSeconds: 2 }
    expect(replies).toMatchObject(Array(20).fill(expected))
  })

  test('F1.1.3 a refused login reveals the password neither to the client nor in the log', async ({
    project,
    db,
  }) => {
    const ml = await serveMl(project, db, { password: 'correct-horse' })

    const replies = await ml.askAll(['/health', '/models?name=battery-staple'])
    ml.end()
    await ml.ended()

    expect(replies).toMatchObject([{ status: 503 }, problem('database-unavailable', 503)])
    expect(JSON.stringify(replies.map(({ body }) => body))).not.toMatch(/correct-horse|hma_ml|28P01/)
    expect(ml.log()).toContain('28P01')
    expect(ml.log()).not.toMatch(/correct-horse|battery-staple|select/)
  })

  test('F1.1.3 the image obeys the same contract', async ({ web }) => {
    const ml = await web('ml')

    const paths = ['/live', '/health', '/models', '/models/unknown', '/models?limit=0', '/nowhere']
    const replies = await Promise.all(paths.map(async (path) => replyOf(path, await ml.get(path))))

    const { violations } = contractIn((await ml.get('/openapi.json')).body)
    expect(violations(replies)).toEqual([])
    expect(replies[2]).toMatchObject({ status: 200, body: { models: [], next: null } })
    expect(replies[3]).toMatchObject(problem('unknown-model', 404))
  })
})
