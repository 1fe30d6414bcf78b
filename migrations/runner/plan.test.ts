import { expect, test } from 'vitest'
import type { Migration } from './files.ts'
import type { LedgerRow } from './ledger.ts'
import { compare, downTo, groupIn, statusExitCode, upTo } from './plan.ts'

const file = (name: string, optIn: string | null = null): Migration => ({
  name,
  number: name.slice(0, 4),
  up: '',
  down: '',
  checksum: `sum of ${name}`,
  transactional: true,
  optIn,
  runAs: 'owner',
})
const ledger = (...names: string[]): LedgerRow[] =>
  names.map((name, n) => ({
    position: n + 1,
    name,
    checksum: `sum of ${name}`,
    state: 'done',
    chained: true,
  }))
const nothing = new Set<string>()
const rls = new Set(['rls'])

const files = [file('0001_a'), file('0002_b'), file('0003_r', 'rls'), file('0004_c')]

test('what nobody opted in to is not pending', () => {
  expect(compare(files, ledger('0001_a'), nothing)).toMatchObject({
    pending: ['0002_b', '0004_c'],
    optIn: { rls: 'not applied' },
  })
})

test('what somebody opted in to is pending', () => {
  expect(compare(files, ledger('0001_a'), rls).pending).toEqual(['0002_b', '0003_r', '0004_c'])
})

test('a later one of another group does not put one out of order', () => {
  expect(compare(files, ledger('0001_a', '0002_b', '0004_c'), rls)).toMatchObject({
    pending: ['0003_r'],
    outOfOrder: [],
  })
})

test('a later one of the same group does', () => {
  expect(compare(files, ledger('0001_a', '0004_c'), nothing)).toMatchObject({ outOfOrder: ['0002_b'] })
})

test('a group is partly applied when one of its files is not', () => {
  const more = [...files, file('0005_s', 'rls')]

  expect(compare(more, ledger('0003_r'), nothing).optIn).toEqual({ rls: 'partly applied' })
})

test('another checksum is an edit, and so is a ledger row that is not chained', () => {
  const [first, second] = ledger('0001_a', '0002_b') as [LedgerRow, LedgerRow]

  expect(compare(files, [{ ...first, checksum: 'other' }, second], nothing).edited).toEqual(['0001_a'])
  expect(compare(files, [first, { ...second, chained: false }], nothing).edited).toEqual(['0002_b'])
})

test('an interrupted one is pending and no edit, whatever its checksum', () => {
  const [row] = ledger('0001_a') as [LedgerRow]
  const started = { ...row, state: 'started', checksum: 'other' } as const

  expect(compare([file('0001_a')], [started], nothing)).toMatchObject({
    pending: ['0001_a'],
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
] as const)('%j with drift %s ends status with %d', ([found, drifted, code]) => {
  const clean = compare([], [], nothing)

  expect(statusExitCode({ ...clean, ...structuredClone(found) } as typeof clean, drifted)).toBe(code)
})

const names = (migrations: Migration[]) => migrations.map(({ name }) => name)
const pending = ['0002_b', '0003_r', '0004_c']

test('apply goes up to a name or a number', () => {
  expect(names(upTo(files, pending, undefined, rls))).toEqual(pending)
  expect(names(upTo(files, pending, '0003_r', rls))).toEqual(['0002_b', '0003_r'])
  expect(names(upTo(files, pending, '0002', rls))).toEqual(['0002_b'])
  expect(names(upTo(files, pending, '0', rls))).toEqual([])
})

test.for([
  ['no migration', () => upTo(files, pending, '0009', nothing)],
  ['one that nobody opted in to', () => upTo(files, pending, '0003', nothing)],
  ['one that is not applied', () => downTo(files, ledger('0001_a'), '0002')],
  ['no group', () => groupIn(files, ledger('0001_a'), 'geo')],
] as const)('going to %s is refused', ([, go]) => {
  expect(go).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('down undoes the newest, what came after one, or everything', () => {
  const applied = ledger('0001_a', '0004_c', '0002_b')

  expect(names(downTo(files, applied, undefined))).toEqual(['0002_b'])
  expect(names(downTo(files, applied, '0001'))).toEqual(['0004_c', '0002_b'])
  expect(names(downTo(files, applied, '0'))).toEqual(['0001_a', '0004_c', '0002_b'])
})

test('down undoes a group alone', () => {
  expect(names(groupIn(files, ledger('0001_a', '0003_r', '0004_c'), 'rls'))).toEqual(['0003_r'])
})
