import { expect, test } from 'vitest'
import { dataBudget } from '../containers/postgres.ts'
import { readyClones } from './pool-size.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30

test('four clones are kept ready where there is room', () => {
  expect(readyClones({ dataBytes: 8 * GiB, cloneBytes: 18 * MiB, workers: 2 })).toBe(4)
})

test('fewer where there is not, beside the two of each worker', () => {
  expect(readyClones({ dataBytes: 512 * MiB, cloneBytes: 12 * MiB, workers: 2 })).toBe(3)
})

test('one at least, because a test that waits for it says best what is wrong', () => {
  expect(readyClones({ dataBytes: 512 * MiB, cloneBytes: 500 * MiB, workers: 8 })).toBe(1)
})

test.for([
  [64 * GiB, 8 * GiB],
  [6 * GiB, 2 * GiB],
  [1 * GiB, 512 * MiB],
] as const)('an engine with %d bytes lends %d of them', ([memory, budget]) => {
  expect(dataBudget(memory)).toBe(budget)
})
