import { describe, expect, test } from '../harness/index.ts'
import { allMigrations, applyUpTo, catalogOf, migrate, previousMigration } from './vocabulary/migrations.ts'
import { emptyTables, fillEmptyTables } from './vocabulary/sample-rows.ts'

describe('B1.0 Down and up again', () => {
  test.for(allMigrations())(
    'B1.0.3 %s goes down and up again and leaves the same catalog',
    async (name, { project, emptyDb }) => {
      await migrate(project, emptyDb, ...applyUpTo(previousMigration(name)))
      await fillEmptyTables(emptyDb)
      const catalogBefore = await catalogOf(emptyDb)
      await migrate(project, emptyDb, ...applyUpTo(name))
      await fillEmptyTables(emptyDb)
      const catalogAfter = await catalogOf(emptyDb)

      const down = await migrate(project, emptyDb, 'down')

      expect(down.exitCode).toBe(0)
      expect(await catalogOf(emptyDb)).toEqual(catalogBefore)
      expect((await migrate(project, emptyDb, ...applyUpTo(name))).exitCode).toBe(0)
      expect(await catalogOf(emptyDb)).toEqual(catalogAfter)
    },
  )

  test('B1.0.3 all migrations go down and up again while every table has rows', async ({
    project,
    emptyDb,
  }) => {
    await migrate(project, emptyDb, 'apply')
    await fillEmptyTables(emptyDb)
    const catalog = await catalogOf(emptyDb)

    const down = await migrate(project, emptyDb, 'down', '--to', '0')

    expect(down.exitCode).toBe(0)
    expect((await migrate(project, emptyDb, 'apply')).exitCode).toBe(0)
    expect(await catalogOf(emptyDb)).toEqual(catalog)
  })

  test('B1.0.3 every table has rows', async ({ project, db }) => {
    await migrate(project, db, 'apply')

    await fillEmptyTables(db)

    expect(await emptyTables(db)).toEqual([])
  })
})
