import { describe, expect, test } from '../harness/index.ts'
import { expectedPages, LISTED, servedPages } from './vocabulary/filtered-pages.ts'
import { keysOf, serveMl } from './vocabulary/ml.ts'
import { move, register, registerAll, swapStages, timesOf } from './vocabulary/models.ts'

describe('F1.1 What the ML stub serves', () => {
  test('F1.1.1 /models returns each field of a registered version, its times in UTC', async ({
    project,
    db,
  }) => {
    await db.query(`alter database ${db.name} set timezone to 'Asia/Kathmandu'`)
    const ml = await serveMl(project, db)
    await register(db, { version: '1.2.3', stage: 'staging', description: 'Trained in May.' })

    const { body } = await ml.ask('/models')

    const artefact = { uri: 's3://models/moderation/1.2.3.bin', sha256: 'ab'.repeat(32), sizeBytes: 4096 }
    const words = { task: 'text-moderation', description: 'Trained in May.', ...(await timesOf(db)) }
    expect(body).toEqual({
      models: [{ name: 'moderation', version: '1.2.3', stage: 'staging', artefact, ...words }],
      next: null,
    })
  })

  test('F1.1.1 the next answer contains changes of the registry', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    const nothing = await ml.ask('/models')

    await register(db)
    const registered = await ml.ask('/models')
    await move(db, '1.0.0', 'archived')
    const archived = await ml.ask('/models')

    expect(nothing).toMatchObject({ status: 200, body: { models: [], next: null } })
    expect(registered.body).toMatchObject({ models: [{ stage: 'registered' }] })
    expect(archived.body).toMatchObject({ models: [{ stage: 'archived' }] })
  })

  test('F1.1.1 the next answer contains a version that was registered first and committed last', async ({
    project,
    db,
  }) => {
    const ml = await serveMl(project, db)
    const late = await db.connect()
    await late.query('begin')
    await register(late, { version: '1.0.0' })
    await register(db, { version: '2.0.0' })
    const before = await ml.ask('/models')

    await late.query('commit')
    const after = await ml.ask('/models')

    expect(keysOf(before)).toEqual(['moderation 2.0.0'])
    expect(keysOf(after)).toEqual(['moderation 2.0.0', 'moderation 1.0.0'])
  })

  test('F1.1.1 the next answer contains the new name of a renamed stage', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    await register(db, { stage: 'staging' })
    const before = await ml.ask('/models')

    await swapStages(db, 'staging', 'archived')
    const after = await ml.ask('/models')

    expect(before.body).toMatchObject({ models: [{ stage: 'staging' }] })
    expect(after.body).toMatchObject({ models: [{ stage: 'archived' }] })
  })

  test('F1.1.1 /models filters by stage, name and task', async ({ project, db }) => {
    await registerAll(db, [
      { name: 'moderation', stage: 'production', task: 'text-moderation' },
      { name: 'moderation', version: '2.0.0', stage: 'staging', task: 'image-moderation' },
      { name: 'ranking', stage: 'production', task: 'ranking' },
    ])
    const ml = await serveMl(project, db)

    const [byStage, byName, byTask, byAll] = await ml.askAll([
      '/models?stage=staging',
      '/models?name=ranking',
      '/models?task=text-moderation',
      '/models?stage=production&name=moderation&task=text-moderation',
    ])

    expect(keysOf(byStage)).toEqual(['moderation 2.0.0'])
    expect(keysOf(byName)).toEqual(['ranking 1.0.0'])
    expect(keysOf(byTask)).toEqual(['moderation 1.0.0'])
    expect(keysOf(byAll)).toEqual(['moderation 1.0.0'])
  })

  test('F1.1.1 every page of every filter, and of filters together, has the versions that they select, and no other', async ({
    project,
    db,
  }) => {
    await registerAll(db, LISTED.toReversed())
    const ml = await serveMl(project, db)

    const served = await servedPages(ml)

    expect(served).toEqual(expectedPages())
  })

  test('F1.1.1 the pages of /models are sorted by name, then newest first, and contain each version once', async ({
    project,
    db,
  }) => {
    const versions = ['9.0.0', '10.0.0', '9.10.0', '9.9.0'].map((version) => ({ version }))
    await registerAll(db, [{ name: 'ranking' }, ...versions, { name: 'embedding' }])
    const ml = await serveMl(project, db)

    const first = await ml.ask('/models?limit=3')
    const second = await ml.ask(`/models?limit=3&cursor=${first.body.next}`)

    expect(keysOf(first)).toEqual(['embedding 1.0.0', 'moderation 10.0.0', 'moderation 9.10.0'])
    expect(keysOf(second)).toEqual(['moderation 9.9.0', 'moderation 9.0.0', 'ranking 1.0.0'])
    expect(second.body.next).toBeNull()
  })

  test('F1.1.1 the page after the longest name and the largest version can be reached', async ({
    project,
    db,
  }) => {
    const last = { name: `a${'-9'.repeat(31)}`, version: Array(3).fill('999999999').join('.') }
    await registerAll(db, [last, { name: 'b', version: '0.0.0' }, { name: 'c' }])
    const ml = await serveMl(project, db)

    const first = await ml.ask('/models?limit=1')
    const second = await ml.ask(`/models?limit=1&cursor=${first.body.next}`)
    const third = await ml.ask(`/models?limit=1&cursor=${second.body.next}`)

    expect([first, second, third].map(keysOf)).toEqual([
      ...[[`${last.name} ${last.version}`], ['b 0.0.0'], ['c 1.0.0']],
    ])
  })

  test('F1.1.1 a page starts where the previous page ended, whatever was registered since', async ({
    project,
    db,
  }) => {
    await registerAll(db, [{ version: '1.0.0' }, { version: '2.0.0' }])
    const ml = await serveMl(project, db)
    const first = await ml.ask('/models?limit=1')

    await register(db, { version: '3.0.0' })
    const second = await ml.ask(`/models?limit=1&cursor=${first.body.next}`)

    expect(keysOf(first)).toEqual(['moderation 2.0.0'])
    expect(keysOf(second)).toEqual(['moderation 1.0.0'])
  })

  test('F1.1.1 /models/{name} returns all versions of the model, and names the one in production', async ({
    project,
    db,
  }) => {
    await registerAll(db, [
      { version: '1.0.0', stage: 'archived' },
      { version: '2.0.0', stage: 'production' },
      { version: '3.0.0' },
      { name: 'ranking', version: '4.0.0', stage: 'staging' },
    ])
    const ml = await serveMl(project, db)

    const [moderation, ranking] = await ml.askAll(['/models/moderation', '/models/ranking'])

    const versions = [{ version: '2.0.0' }, { version: '3.0.0' }, { version: '1.0.0' }]
    expect(moderation?.body).toMatchObject({ name: 'moderation', production: '2.0.0', versions })
    expect(ranking?.body).toMatchObject({ production: null, versions: [{ version: '4.0.0' }] })
  })

  test('F1.1.1 of a model with more than a hundred versions /models/{name} returns the one in production and the newest, a page of /models fifty', async ({
    project,
    db,
  }) => {
    const newest = Array.from({ length: 101 }, (_, at) => `${101 - at}.0.0`)
    await registerAll(db, [
      { version: '0.0.1', stage: 'production' },
      ...newest.map((version) => ({ version })),
    ])
    const ml = await serveMl(project, db)

    const [card, page] = await ml.askAll(['/models/moderation', '/models'])

    const versions = ['0.0.1', ...newest.slice(0, 99)].map((version) => ({ version }))
    expect(card?.body).toMatchObject({ production: '0.0.1', versions })
    expect(keysOf(page)).toEqual(newest.slice(0, 50).map((version) => `moderation ${version}`))
  })
})
