import { expect, test } from 'vitest'
import { dataBudget } from '../containers/postgres.ts'
import { poolSizeFor } from './pool-size.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30

test('a pool has four clones where memory is large', () => {
  expect(poolSizeFor({ dataBytes: 8 * GiB, cloneBytes: 18 * MiB, workers: 2 })).toBe(4)
})

test('a pool has fewer clones where memory is small, beside the two of each worker', () => {
  expect(poolSizeFor({ dataBytes: 512 * MiB, cloneBytes: 12 * MiB, workers: 2 })).toBe(3)
})

test('a pool has at least one clone, because the error of the test that waits for it says what is wrong', () => {
  expect(poolSizeFor({ dataBytes: 512 * MiB, cloneBytes: 500 * MiB, workers: 8 })).toBe(1)
})

test.for([
  [64 * GiB, 8 * GiB],
  [6 * GiB, 2 * GiB],
  [1 * GiB, 512 * MiB],
] as const)('of %d bytes of the engine, data may use %d', ([memory, budget]) => {
  expect(dataBudget(memory)).toBe(budget)
})
