import { describe, expect, test } from '../harness/index.ts'
import {
  ALLOWED_CHANGES,
  ALTERATIONS,
  registerInEachStage,
  withAnotherOutcome,
} from './vocabulary/artefact-changes.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import {
  ANOTHER,
  alter,
  EVERY_ARTEFACT,
  inProduction,
  move,
  register,
  registerAll,
  replaceInProduction,
} from './vocabulary/models.ts'

describe('F1.1 The rules of the model registry', () => {
  test('F1.1.2 a second version of a model cannot be registered for production', async ({ db }) => {
    await register(db, { version: '1.0.0', stage: 'production' })

    const attempt = register(db, { version: '2.0.0', stage: 'production' })

    await expect(attempt).toBreakRule('models_have_one_production_version')
  })

  test('F1.1.2 a second version of a model cannot be moved to production', async ({ db }) => {
    await registerAll(db, [{ version: '1.0.0', stage: 'production' }, { version: '2.0.0' }])

    const attempt = move(db, '2.0.0', 'production')

    await expect(attempt).toBreakRule('models_have_one_production_version')
  })

  test('F1.1.2 of two versions moved to production concurrently, one gets there', async ({ db }) => {
    await registerAll(db, [{ version: '1.0.0' }, { version: '2.0.0' }])
    const [first, second] = [await db.connect(), await db.connect()]
    await first.query('begin')
    await move(first, '1.0.0', 'production')

    const late = move(second, '2.0.0', 'production')
    await expect.poll(() => countLockWaiters(db), { timeout: 20_000 }).toBe(1)
    void first.query('commit')

    await expect(late).toBreakRule('models_have_one_production_version')
    expect(await inProduction(db)).toEqual(['1.0.0'])
  })

  test('F1.1.2 each model has a production version of its own', async ({ db }) => {
    await register(db, { name: 'moderation', stage: 'production' })

    const another = register(db, { name: 'ranking', stage: 'production' })

    await expect(another).toBeAccepted()
    expect(await inProduction(db)).toHaveLength(2)
  })

  test('F1.1.2 the version in production is replaced, and the first one returns', async ({ db }) => {
    await registerAll(db, [{ version: '1.0.0', stage: 'production' }, { version: '2.0.0' }])

    const replacements = replaceInProduction(db, '1.0.0', '2.0.0').then(() =>
      replaceInProduction(db, '2.0.0', '1.0.0'),
    )

    await expect(replacements).toBeAccepted()
    expect(await inProduction(db)).toEqual(['1.0.0'])
  })

  test('F1.1.2 a second version of a model with everything else different cannot be registered for production', async ({
    db,
  }) => {
    await register(db, { version: '1.0.0', stage: 'production' })

    const attempt = register(db, {
      ...{ version: '2.0.0', stage: 'production', task: 'another', description: 'Another.' },
      ...{ uri: 'https://another/2', size: 1 },
    })

    await expect(attempt).toBreakRule('models_have_one_production_version')
  })

  test.for(EVERY_ARTEFACT)(
    'F1.1.2 the %s of a version that is %s cannot be altered',
    async ([column, stage], { db }) => {
      await register(db, { stage })

      const attempt = alter(db, column, ANOTHER[column])

      await expect(attempt).toBreakRule('artefacts_are_immutable')
    },
  )

  test.for([
    ['the letter case of its address', 'artefact_uri', `replace(artefact_uri, 'moderation', 'Moderation')`],
    ['the end of its address', 'artefact_uri', `artefact_uri || '/'`],
    ['the last bit of its hash', 'artefact_sha256', 'set_bit(artefact_sha256, 248, 0)'],
  ] as const)(
    'F1.1.2 of a registered version %s alone cannot be altered',
    async ([, column, expression], { db }) => {
      await register(db)

      const attempt = alter(db, column, expression)

      await expect(attempt).toBreakRule('artefacts_are_immutable')
    },
  )

  test('F1.1.2 no statement alters any columns of an artefact together, not even one that moves the version to another stage or describes it anew', async ({
    db,
  }) => {
    await registerInEachStage(db)

    const accepted = await withAnotherOutcome(db, ALTERATIONS, 'artefacts_are_immutable')
    const refused = await withAnotherOutcome(db, ALLOWED_CHANGES, 'none')

    expect(accepted).toEqual([])
    expect(refused).toEqual([])
  })

  test('F1.1.2 every column of the registry belongs to an artefact, or is one of those that may change', async ({
    db,
  }) => {
    const columns = await db.column(
      `select attname from pg_attribute where attrelid = 'ml.model'::regclass and attnum > 0 and not attisdropped`,
    )

    const mayChange = ['stage', 'task', 'description', 'created_at', 'updated_at']
    expect(columns.sort()).toEqual([...Object.keys(ANOTHER), ...mayChange].sort())
  })

  test('F1.1.2 the description of a registered version can be altered', async ({ db }) => {
    await register(db)

    const edit = alter(db, 'description', `'Trained in May.'`)

    await expect(edit).toBeAccepted()
    expect(await db.value('select description from ml.model')).toBe('Trained in May.')
  })

  test('F1.1.2 a version cannot be registered again with another artefact', async ({ db }) => {
    await register(db)

    const attempt = register(db, { uri: 's3://models/another.bin' })

    await expect(attempt).toBreakRule('models_have_each_version_once')
  })

  test('F1.1.2 a version cannot be deleted', async ({ db }) => {
    await register(db)

    const attempt = db.query('delete from ml.model')

    await expect(attempt).toBreakRule('artefacts_are_kept')
    expect(await db.count('ml.model')).toBe(1)
  })

  test('F1.1.2 the registry cannot be truncated', async ({ db }) => {
    await register(db)

    const attempt = db.query('truncate ml.model')

    await expect(attempt).toBreakRule('artefacts_are_kept')
  })

  test('F1.1.2 a session with the replication role replica cannot alter an artefact', async ({ db }) => {
    await register(db)
    await db.query('set session_replication_role = replica')

    const attempt = alter(db, 'artefact_sha256', `sha256('another')`)

    await expect(attempt).toBreakRule('artefacts_are_immutable')
  })

  test('F1.1.2 a session with the replication role replica cannot delete an artefact', async ({ db }) => {
    await register(db)
    await db.query('set session_replication_role = replica')

    const attempt = db.query('delete from ml.model')

    await expect(attempt).toBreakRule('artefacts_are_kept')
  })

  test.for([31, 33])('F1.1.2 a hash of %i bytes is refused', async (hashBytes, { db }) => {
    const attempt = register(db, { hashBytes })

    await expect(attempt).toBreakRule('artefacts_have_a_whole_hash')
  })

  test('F1.1.2 the service cannot alter what it serves', async ({ db }) => {
    await register(db)
    const ml = await db.as('hma_ml')
    await ml.query('set default_transaction_read_only = off')

    const attempt = alter(ml, 'stage', `'production'`)

    await expect(attempt).toBeDenied()
  })
})
