import { expect, test } from 'vitest'
import { readSchedule } from './options.ts'

const STATE = ['--state', '/tmp/state.json']

test('a schedule is read with its defaults', () => {
  const schedule = readSchedule([...STATE, '--job', 'seal=17 * * * *'])

  expect(schedule).toMatchObject({ zone: 'UTC', jitter: 0, state: '/tmp/state.json', port: 9187 })
  expect([...schedule.patterns]).toEqual([['seal', '17 * * * *']])
})

test.for([
  [[...STATE], /--job/],
  [['--job', 'seal=17 * * * *'], /--state/],
  [[...STATE, '--job', 'unknown=17 * * * *'], /--job is 'unknown=17 \* \* \* \*'/],
  [[...STATE, '--job', 'seal'], /seal=17/],
  [[...STATE, '--job', 'seal=61 * * * *'], /--job/],
  [[...STATE, '--job', 'seal=0 0 30 2 *'], /--job/],
  [[...STATE, '--job', 'seal=17 * * * *', '--zone', 'Europe/Nowhere'], /--zone is 'Europe\/Nowhere'/],
  [[...STATE, '--job', 'seal=17 * * * *', '--jitter', '-1'], /--jitter/],
  [[...STATE, '--job', 'seal=17 * * * *', '--port', '70000'], /--port/],
] as [string[], RegExp][])('refused in one line that names it: %s', ([words, said]) => {
  expect(() => readSchedule(words)).toThrow(said)
})
