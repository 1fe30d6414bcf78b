import { Cron } from 'croner'
import { expect, test } from 'vitest'
import { isCronPattern } from './cron-pattern.ts'

/** As the scheduler does: a pattern that never comes is refused. */
const isAccepted = (pattern: string) => {
  try {
    return new Cron(pattern, { mode: '5-part' }).nextRun() !== null
  } catch {
    return false
  }
}

const RIGHT = [
  ...['* * * * *', '0 0 1 1 0', '59 23 31 12 7', '30 2 * * *', '*/15 */24 */31 */12 */7', '0-59/60 * * * *'],
  ...['0,30 1-5,22 1,15 JAN,jun-DEC MON-FRI', '0 4 * * SUN', '0 4 * * SAT-SUN', '0 4 * * 5#2', '0 4 * * 5L'],
  ...['0 4 * * friL', '0 4 29 2 *', '0 4 30 2 MON', '0 4 30,31 2,3 *', '5-5 0-0 1-1 1-1 0-0'],
]
const WRONG = [
  ...['60 0 * * *', '0 24 * * *', '0 0 0 * *', '0 0 32 * *', '0 0 * 0 *', '0 0 * 13 *', '0 0 * * 8'],
  ...[
    '5-2 * * * *',
    '*/0 * * * *',
    '*/61 * * * *',
    '* */25 * * *',
    '5/10 * * * *',
    '/5 * * * *',
    '1- * * * *',
  ],
  ...['-1 * * * *', '1,, * * * *', ', * * * *', '1--2 * * * *', '0 0 * FOO *', '0 0 * * MAY', '0 0 * MON *'],
  ...['0 0 * * 5#6', '0 0 * * 5#0', '0 0 5#2 * *', '0 0 * 5L *', '0 0 30 2 *', '0 0 31 4,6,9,11 *'],
  ...['* * * *', '* * * * * *', '', 'daily', '*  * * * *', '1.5 * * * *', '1e1 * * * *'],
]

test.for(RIGHT)('%s is a pattern', (pattern) => {
  expect([isCronPattern(pattern), isAccepted(pattern)]).toEqual([true, true])
})

test.for(WRONG)('%j is no pattern', (pattern) => {
  expect(isCronPattern(pattern)).toBe(false)
})

test('a number is a value here exactly where it is one for the scheduler', () => {
  const numbers = Array.from({ length: 70 }, (_, number) => String(number))
  const patterns = numbers.flatMap((number) =>
    [0, 1, 2, 3, 4].flatMap((place) =>
      [number, `*/${number}`].map((word) => ['*', '*', '*', '*', '*'].with(place, word).join(' ')),
    ),
  )

  expect(patterns.filter((pattern) => isCronPattern(pattern) !== isAccepted(pattern))).toEqual([])
})
