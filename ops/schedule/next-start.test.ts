import { describe, expect, test } from 'vitest'
import { nextStart, type Run, skippedTime, type Timing } from './next-start.ts'

const DAILY: Timing = { pattern: '30 2 * * *', zone: 'Europe/Berlin', jitterMs: 0 }
const ms = (text: string) => Date.parse(text)
const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

function ended(at: string, exitCode = 0, seconds = 1): Run {
  return { startedAtMs: ms(at) - seconds * 1000, endedAtMs: ms(at), exitCode }
}

describe('when a job starts next', () => {
  test('at once, when it has never run', () => {
    expect(nextStart(DAILY, undefined, ms('2026-06-01T12:00:00Z'))).toBe(ms('2026-06-01T12:00:00Z'))
  })

  test.for([
    ['on the same day, in the local time of the zone', '2026-06-01T00:00:00Z', '2026-06-01T00:30:00.000Z'],
    ['on the next day', '2026-06-01T00:30:00Z', '2026-06-02T00:30:00.000Z'],
    ['in winter time', '2026-01-01T12:00:00Z', '2026-01-02T01:30:00.000Z'],
    ['after the gap, where the clocks are put forward', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['at the first of the two hours', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['and not again at the second', '2026-10-25T00:30:01Z', '2026-10-26T01:30:00.000Z'],
  ])('%s', ([, last = '', next]) => {
    expect(iso(nextStart(DAILY, ended(last), ms(last)))).toBe(next)
  })

  test('a time that passed while nothing ran is made up for, once', () => {
    const last = ended('2026-06-01T00:31:00Z')

    const missed = nextStart(DAILY, last, ms('2026-06-09T12:00:00Z'))
    const after = nextStart(DAILY, ended('2026-06-09T12:01:00Z'), ms('2026-06-09T12:01:00Z'))

    expect([iso(missed), iso(after)]).toEqual(['2026-06-02T00:30:00.000Z', '2026-06-10T00:30:00.000Z'])
  })

  test('later by a part of the jitter', () => {
    const timing = { ...DAILY, jitterMs: 600_000 }
    const last = ended('2026-06-01T12:00:00Z')

    const starts = [0, 0.5, 1].map((chance) => iso(nextStart(timing, last, last.endedAtMs, chance)))

    expect(starts).toEqual([
      '2026-06-02T00:30:00.000Z',
      '2026-06-02T00:35:00.000Z',
      '2026-06-02T00:40:00.000Z',
    ])
  })

  test('a run of the future, before the clock was set back, does not hold it up', () => {
    const next = nextStart(DAILY, ended('2031-06-01T00:31:00Z'), ms('2026-06-01T12:00:00Z'))

    expect(iso(next)).toBe('2026-06-02T00:30:00.000Z')
  })

  test.for([
    [1, 3, '2026-06-01T12:00:30.000Z'],
    [60, 3, '2026-06-01T12:10:00.000Z'],
    [7200, 3, '2026-06-01T13:00:00.000Z'],
    [1, 5, '2026-06-01T12:00:30.000Z'],
  ] as const)('a run of %i s that ended with %i is repeated', ([seconds, exitCode, next]) => {
    const last = ended('2026-06-01T12:00:00Z', exitCode, seconds)

    expect(iso(nextStart(DAILY, last, last.endedAtMs))).toBe(next)
  })

  test('a run that failed otherwise waits for its time', () => {
    const last = ended('2026-06-01T12:00:00Z', 1)

    expect(iso(nextStart(DAILY, last, last.endedAtMs))).toBe('2026-06-02T00:30:00.000Z')
  })

  test('a time that passed during a run is skipped, and told', () => {
    const long = ended('2026-06-02T00:30:00Z', 0, 90_000)
    const short = ended('2026-06-02T00:29:59Z', 0, 10)

    expect([skippedTime(DAILY, long), skippedTime(DAILY, short)]).toEqual([
      ms('2026-06-01T00:30:00Z'),
      undefined,
    ])
    expect(iso(nextStart(DAILY, long, long.endedAtMs))).toBe('2026-06-03T00:30:00.000Z')
  })
})
