import { expect, test } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { readMoment } from './moment.ts'

test.for([
  ['2026-11-26 12:00:00+00', '2026-11-26T12:00:00.000Z', '2026-11-26 12:00:00+00:00'],
  ['2026-11-26T12:00:00Z', '2026-11-26T12:00:00.000Z', '2026-11-26 12:00:00+00:00'],
  ['2026-11-26 12:00:00.123456+05:45', '2026-11-26T06:15:00.123Z', '2026-11-26 12:00:00.123456+05:45'],
  ['2026-11-26 12:00:00 -0330', '2026-11-26T15:30:00.000Z', '2026-11-26 12:00:00-03:30'],
])('%s is a moment', ([value = '', iso, text]) => {
  const moment = readMoment(value)

  expect(moment === 'latest' ? moment : [new Date(moment.ms).toISOString(), moment.text]).toEqual([iso, text])
})

test('latest is the end of the archive', () => {
  expect(readMoment('latest')).toBe('latest')
})

test.for([
  '',
  'yesterday',
  '2026-11-26',
  '2026-11-26 12:00:00',
  '2026-02-30 12:00:00+00',
  '2026-11-26 25:00:00+00',
  "2026-11-26 12:00:00+00'; drop table x",
])('%j is none', (value) => {
  expect(() => readMoment(value)).toThrow(CliError)
})
