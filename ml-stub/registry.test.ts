import { expect, test } from 'vitest'
import { ModelQuery } from './contract.ts'
import { openRegistry } from './registry.ts'

/** A database without models that remembers which mark came with each question. */
function emptyDatabase() {
  const marks: unknown[] = []
  const query = async (_: unknown, [mark]: unknown[] = []) => {
    marks.push(mark)
    return [{ mark: '7', models: mark === '7' ? null : [] }]
  }
  return { marks, database: { query, close: async () => {} } }
}

const limitedTo = (limit: number) => ModelQuery.parse({ limit })

test('a page that still holds is the same object, and is asked for again each time', async () => {
  const { marks, database } = emptyDatabase()
  const registry = openRegistry(database)

  const first = await registry.page(limitedTo(1))
  const second = await registry.page(limitedTo(1))

  expect(second).toBe(first)
  expect(marks).toEqual([undefined, '7'])
})

test('of seventeen different pages the oldest is not kept', async () => {
  const { marks, database } = emptyDatabase()
  const registry = openRegistry(database)
  for (let limit = 1; limit <= 17; limit++) await registry.page(limitedTo(limit))

  await registry.page(limitedTo(1))
  await registry.page(limitedTo(17))

  expect(marks.slice(17)).toEqual([undefined, '7'])
})
