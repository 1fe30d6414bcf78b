import { expect, test } from 'vitest'
import { type BaseBackup, backupFor, nextType, readBackups } from './backups.ts'

const at = (iso: string) => Date.parse(`${iso}Z`)
const full: BaseBackup = { label: 'one', type: 'full', stoppedAtMs: at('2026-06-01T01:30:10') }
const incremental: BaseBackup = { label: 'two', type: 'incr', stoppedAtMs: at('2026-06-02T01:30:10') }
const both = [full, incremental]

test('backups are listed oldest first, without those that have a defect', () => {
  const entry = (label: string, stop: number, error: boolean | null) => ({
    ...{ label, type: 'full', error, timestamp: { start: 0, stop } },
  })
  const info = [
    { name: 'hma', backup: [entry('new', 3, false), entry('bad', 2, true), entry('old', 1, null)] },
  ]

  expect(readBackups(JSON.stringify(info)).map(({ label }) => label)).toEqual(['old', 'new'])
})

test.for([
  ['2026-06-02T01:30:10', 'one'],
  ['2026-06-02T01:30:11', 'two'],
  ['2026-06-01T01:30:11', 'one'],
  ['2026-06-01T01:30:10', undefined],
] as const)('for %s the backup is %s: the newest that had ended', ([moment, label]) => {
  expect(backupFor(both, at(moment))?.label).toBe(label)
})

test.for([
  [[], '2026-06-01T00:00:00', 'full'],
  [both, '2026-06-03T01:30:00', 'incr'],
  [both, '2026-06-08T01:30:00', 'full'],
] as [BaseBackup[], string, string][])('of %o, at %s, the next is a %s one', ([backups, now, type]) => {
  expect(nextType(backups, at(now))).toBe(type)
})
