import { expect, test } from 'vitest'
import { sql } from './fault.ts'
import type { FaultRun, FaultRunner, RunOptions } from './fault-runner.ts'
import type { SelectedFault } from './select-faults.ts'
import { type BatchContext, testBatch } from './test-batch.ts'

const FILE = 'specs/b1.spec.ts'
const [FIRST, SECOND] = ['B1.1.1 first', 'B1.1.1 second']
const failedClaim = Object.assign(new Error('no'), { name: 'AssertionError' })

const fault: SelectedFault = {
  ...{ id: 'B1.1.1/x', criterion: 'B1.1.1', description: 'x', injection: sql`select 1` },
  file: 'specs/b1.faults.ts',
}

/** A criterion with two tests, of which these fail under the fault. Each run is noted by the titles that it asked for. */
function criterionWhere(failing: string[], caughtBy?: string, unhandled: readonly unknown[] = []) {
  const runs: (string[] | 'all')[] = []
  const runner = {
    async run(_criteria: string[], _files: string[], { titles }: RunOptions = {}): Promise<FaultRun> {
      runs.push(titles ?? 'all')
      return {
        tests: (titles ?? [FIRST, SECOND]).map(testOf),
        unhandled: titles === undefined ? [] : unhandled,
      }
    },
  } as FaultRunner
  const testOf = (title: string): FaultRun['tests'][number] => ({
    ...{ title, file: FILE, startedAtMs: 0, durationMs: 1, injected: fault.id, ineffective: undefined },
    ...(failing.includes(title)
      ? { state: 'failed', errors: [failedClaim] }
      : { state: 'passed', errors: [] }),
  })
  const before = caughtBy === undefined ? {} : { [fault.id]: { caughtBy, caughtIn: FILE } }
  const context: BatchContext = {
    runner,
    specFiles: new Map([['B1.1.1', [FILE]]]),
    before,
  }
  return { context, runs }
}

test.for([
  ['that was never caught: all tests run', [SECOND], undefined, [], SECOND, ['all']],
  ['that a test caught before: it runs alone', [SECOND], SECOND, [], SECOND, [[SECOND]]],
  ['that this test catches no more: then all tests run', [FIRST], SECOND, [], FIRST, [[SECOND], 'all']],
  [
    'beside an error outside of tests: then all tests run',
    [SECOND],
    SECOND,
    [new Error('x')],
    SECOND,
    [[SECOND], 'all'],
  ],
] as const)('a fault %s', async ([, failing, caughtBy, unhandled, note, expected]) => {
  const { context, runs } = criterionWhere([...failing], caughtBy, unhandled)

  const [tested, ...others] = await testBatch(context, [fault])

  expect(tested).toMatchObject({ result: { verdict: 'caught', note }, caughtIn: FILE })
  expect([others, runs]).toEqual([[], expected])
})

test('a fault that no test catches survives, whatever caught it before', async () => {
  const { context, runs } = criterionWhere([], FIRST)

  const [tested] = await testBatch(context, [fault])

  expect([tested?.result.verdict, tested?.caughtIn, runs]).toEqual(['survived', undefined, [[FIRST], 'all']])
})
