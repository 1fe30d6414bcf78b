import { expect, test } from 'vitest'
import type { Mutant } from './mutant.ts'
import { isOpen, nextBatch, type Trial } from './schedule.ts'

const mutant = (id: string): Mutant => ({
  ...{ id, object: id, ownerObject: id, operator: 'a: b', description: '' },
  injection: { kind: 'sql', statements: '' },
})
const trial = (id: string, left: string[], attempts: Trial['attempts'] = []): Trial => ({
  ...{ mutant: mutant(id), left, attempts },
})
const pairs = (trials: Trial[]) => nextBatch(trials).map((each) => [each.trial.mutant.id, each.criterion])

test('a criterion tests one mutant at a time, and a mutant is tested by one criterion at a time', () => {
  expect(pairs([trial('m1', ['A', 'B']), trial('m2', ['A', 'B']), trial('m3', ['A'])])).toEqual([
    ['m1', 'A'],
    ['m2', 'B'],
  ])
})

test('a mutant that was caught is tested no more', () => {
  const caught = trial('m1', ['B'], [{ criterion: 'A', verdict: 'caught', note: '' }])
  const survived = trial('m2', ['B'], [{ criterion: 'A', verdict: 'survived', note: '' }])

  expect(isOpen(caught)).toBe(false)
  expect(pairs([caught, survived])).toEqual([['m2', 'B']])
})
