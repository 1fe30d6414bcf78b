import { expect, test } from 'vitest'
import { edits, faults, inFunction, sql, together } from './fault.ts'
import { brokenQuotes, functionQuotes } from './quoted-texts.ts'

const files: Record<string, string> = { 'a.sh': 'once; twice; twice' }
const read = (file: string) => files[file] ?? ''

test('a quote that is gone, repeated, or from a file that is gone is broken', () => {
  const own = faults({
    'B1.1.1': {
      one: edits(
        { file: 'a.sh', find: 'once', replace: '' },
        { file: 'a.sh', find: 'twice', replace: '' },
        { file: 'a.sh', find: 'never', replace: '' },
        { file: 'b.sh', find: 'once', replace: '' },
      ),
    },
  })

  expect(brokenQuotes(own, read).map(({ file, find, times }) => [file, find, times])).toEqual([
    ['a.sh', 'twice', 2],
    ['a.sh', 'never', 0],
    ['b.sh', 'once', 0],
  ])
})

test('every text that is changed in a function is a quote, in faults of several parts too', () => {
  const change = inFunction('f()', ['a', 'b'], ['c', 'd'])
  const own = faults({ 'B1.1.1': { one: change, two: together(sql`select 1`, inFunction('g', ['e', 'f'])) } })

  expect(functionQuotes(own)).toEqual([
    { id: 'B1.1.1/one', name: 'f()', find: 'a' },
    { id: 'B1.1.1/one', name: 'f()', find: 'c' },
    { id: 'B1.1.1/two', name: 'g', find: 'e' },
  ])
})
