import { describe, expect, test } from '../harness/index.ts'
import { environmentOf } from './vocabulary/migrations.ts'
import { serveMl, stagesOf } from './vocabulary/ml.ts'
import { EXAMPLE_MODELS, move } from './vocabulary/models.ts'
import { tablesWithRowSecurity } from './vocabulary/opt-in.ts'
import {
  markEnvironment,
  readSeed,
  rowVersions,
  runEachStatement,
  seed,
  unmarkEnvironment,
} from './vocabulary/seeds.ts'

describe('F1.1 The example models', () => {
  test.for(['development', 'test'])(
    'F1.1.4 %s has a handful of models in every stage',
    async (environment, { project, db }) => {
      await markEnvironment(db, environment)
      const ml = await serveMl(project, db)

      const loaded = await seed(project, db, ['all'])

      expect(loaded).toMatchObject({ exitCode: 0 })
      expect(stagesOf((await ml.ask('/models')).body)).toEqual(EXAMPLE_MODELS)
    },
  )

  test('F1.1.4 /models answers with them where HMA_RLS=on has added row security', async ({
    project,
    db,
  }) => {
    const environment = { ...environmentOf(db), HMA_RLS: 'on' }
    await markEnvironment(db, 'test')

    const applied = await project.run('scripts/migrate.sh', ['apply'], { environment })
    const loaded = await seed(project, db, ['all'])
    const ml = await serveMl(project, db)

    expect([applied.exitCode, loaded.exitCode], applied.stderr + loaded.stderr).toEqual([0, 0])
    expect(await tablesWithRowSecurity(db)).toContain('auth.users')
    expect(stagesOf((await ml.ask('/models')).body)).toEqual(EXAMPLE_MODELS)
  })

  test.for(['models', 'all'])(
    'F1.1.4 production refuses %s, and no model is registered',
    async (what, { project, db }) => {
      await markEnvironment(db, 'production')

      const loaded = await seed(project, db, [what])

      expect(loaded).toMatchObject({ exitCode: 4, stdout: '' })
      expect(await db.count('ml.model')).toBe(0)
    },
  )

  test('F1.1.4 the seed file itself refuses production', async ({ project, db }) => {
    await markEnvironment(db, 'production')

    const attempt = db.query(await readSeed(project, 'models.sql'))

    await expect(attempt).toBreakRule('example_models_stay_out_of_production')
  })

  test.for(['', `select ops.mark_environment('production')`])(
    'F1.1.4 a client that continues after errors registers no model: without a mark, then %j',
    async (marking, { project, db }) => {
      await unmarkEnvironment(db)
      await db.query(marking)

      await runEachStatement(db, project, 'models.sql')

      expect(await db.count('ml.model')).toBe(0)
    },
  )

  test('F1.1.4 loading again changes no model, also where one has moved to another stage', async ({
    project,
    db,
  }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['models'])
    await move(db, '0.9.0', 'archived')
    const before = await rowVersions(db)

    const again = await seed(project, db, ['models', '--json'])

    expect(again.stdout).toBe('{"loaded":{"models":0}}')
    expect(await rowVersions(db)).toEqual(before)
  })
})
