import { expect, test } from 'vitest'
import type { Migration } from './files.ts'
import type { LedgerRow } from './ledger.ts'
import { compare, mayApply, planDown, planGroupDown, planUp, statusExitCode } from './plan.ts'

const file = (name: string, optIn: string | null = null): Migration => ({
  name,
  number: name.slice(0, 4),
  up: '',
  down: '',
  checksum: `sum of ${name}`,
  transactional: true,
  optIn,
})
const ledger = (...names: string[]): LedgerRow[] =>
  names.map((name, n) => ({
    position: n + 1,
    name,
    checksum: `sum of ${name}`,
    state: 'done',
    chained: true,
  }))
/** With what Umzug says of that ledger. */
const judge = (all: Migration[], rows: LedgerRow[], pending: string[]) => {
  const executed = rows.filter(({ state }) => state === 'done').map(({ name }) => name)
  return compare(all, rows, { pending, executed })
}
const nothing = new Set<string>()
const rls = new Set(['rls'])

const files = [file('0001_a'), file('0002_b'), file('0003_r', 'rls'), file('0004_c')]

const names = (migrations: Migration[]) => migrations.map(({ name }) => name)

test('migrations of an opt-in group may be applied when the group is wanted or they are in the ledger', () => {
  const plain = ['0001_a', '0002_b', '0004_c']

  expect(names(mayApply(files, [], nothing))).toEqual(plain)
  expect(names(mayApply(files, [], rls))).toEqual(names(files))
  expect(names(mayApply(files, ledger('0003_r'), nothing))).toEqual(names(files))
})

test('a later migration of another group does not put one out of order', () => {
  expect(judge(files, ledger('0001_a', '0002_b', '0004_c'), ['0003_r'])).toMatchObject({
    pending: ['0003_r'],
    outOfOrder: [],
  })
})

test('a later migration of the same group puts one out of order', () => {
  expect(judge(files, ledger('0001_a', '0004_c'), ['0002_b'])).toMatchObject({ outOfOrder: ['0002_b'] })
})

test('a group is applied, not applied, or partly applied', () => {
  const more = [...files, file('0005_s', 'rls')]

  expect(judge(more, [], []).optIn).toEqual({ rls: 'not applied' })
  expect(judge(more, ledger('0003_r'), []).optIn).toEqual({ rls: 'partly applied' })
  expect(judge(more, ledger('0003_r', '0005_s'), []).optIn).toEqual({ rls: 'applied' })
})

test('another checksum or a ledger row that is not chained is an edit', () => {
  const [first, second] = ledger('0001_a', '0002_b') as [LedgerRow, LedgerRow]

  expect(judge(files, [{ ...first, checksum: 'other' }, second], []).edited).toEqual(['0001_a'])
  expect(judge(files, [first, { ...second, chained: false }], []).edited).toEqual(['0002_b'])
})

test('an interrupted migration is not an edit, whatever its checksum', () => {
  const [row] = ledger('0001_a') as [LedgerRow]
  const started = { ...row, state: 'started', checksum: 'other' } as const

  expect(judge([file('0001_a')], [started], ['0001_a'])).toMatchObject({
    interrupted: ['0001_a'],
    edited: [],
  })
})

test.for([
  [{}, false, 0],
  [{ pending: ['x'] }, false, 33],
  [{ edited: ['x'] }, false, 34],
  [{ missing: ['x'] }, false, 36],
  [{ pending: ['x'], outOfOrder: ['x'] }, false, 41],
  [{}, true, 48],
  [{ pending: ['x'], edited: ['x'], missing: ['x'], outOfOrder: ['x'] }, true, 63],
] as const)('%j with drift %s gives status the exit code %d', ([found, drifted, code]) => {
  const clean = judge([], [], [])

  expect(statusExitCode({ ...clean, ...structuredClone(found) } as typeof clean, { hasDrift: drifted })).toBe(
    code,
  )
})

const pending = ['0002_b', '0003_r', '0004_c']

test('apply goes up to a name or a number', () => {
  expect(names(planUp(files, pending, undefined, rls))).toEqual(pending)
  expect(names(planUp(files, pending, '0003_r', rls))).toEqual(['0002_b', '0003_r'])
  expect(names(planUp(files, pending, '0002', rls))).toEqual(['0002_b'])
  expect(names(planUp(files, pending, '0', rls))).toEqual([])
})

test.for([
  ['a migration that does not exist', () => planUp(files, pending, '0009', nothing)],
  ['a migration of a group that is not wanted', () => planUp(files, pending, '0003', nothing)],
  ['a migration that is not applied', () => planDown(files, ledger('0001_a'), '0002')],
  ['a group that does not exist', () => planGroupDown(files, ledger('0001_a'), 'geo')],
] as const)('%s is refused as a target', ([, go]) => {
  expect(go).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('down undoes the newest migration, those after a target, or all', () => {
  const applied = ledger('0001_a', '0004_c', '0002_b')

  expect(names(planDown(files, applied, undefined))).toEqual(['0002_b'])
  expect(names(planDown(files, applied, '0001'))).toEqual(['0004_c', '0002_b'])
  expect(names(planDown(files, applied, '0'))).toEqual(['0001_a', '0004_c', '0002_b'])
})

test('down undoes only the group that is named', () => {
  expect(names(planGroupDown(files, ledger('0001_a', '0003_r', '0004_c'), 'rls'))).toEqual(['0003_r'])
})
