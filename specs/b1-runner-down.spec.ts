import { describe, expect, test } from '../harness/index.ts'
import { allMigrations, before, catalogOf, migrate, upTo } from './vocabulary/migrations.ts'
import { emptyTables, fillEmptyTables } from './vocabulary/sample-rows.ts'

describe('B1.0 Down and up again', () => {
  test.for(allMigrations())(
    'B1.0.3 %s goes down and up again and leaves the same catalog',
    async (name, { project, emptyDb }) => {
      await migrate(project, emptyDb, ...upTo(before(name)))
      await fillEmptyTables(emptyDb)
      const without = await catalogOf(emptyDb)
      await migrate(project, emptyDb, ...upTo(name))
      await fillEmptyTables(emptyDb)
      const withIt = await catalogOf(emptyDb)

      const down = await migrate(project, emptyDb, 'down')

      expect(down.exitCode).toBe(0)
      expect(await catalogOf(emptyDb)).toEqual(without)
      expect((await migrate(project, emptyDb, ...upTo(name))).exitCode).toBe(0)
      expect(await catalogOf(emptyDb)).toEqual(withIt)
    },
  )

  test('B1.0.3 the whole chain goes down and up again with rows present', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')
    await fillEmptyTables(emptyDb)
    const catalog = await catalogOf(emptyDb)

    const down = await migrate(project, emptyDb, 'down', '--to', '0')

    expect(down.exitCode).toBe(0)
    expect((await migrate(project, emptyDb, 'apply')).exitCode).toBe(0)
    expect(await catalogOf(emptyDb)).toEqual(catalog)
  })

  test('B1.0.3 rows are present in every table', async ({ project, db }) => {
    await migrate(project, db, 'apply')

    await fillEmptyTables(db)

    expect(await emptyTables(db)).toEqual([])
  })
})
