import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { basisOf, type CaughtFault, readCaughtFaults, writeCaughtFaults } from './caught-faults.ts'

const files = ['specs/b1.spec.ts', 'specs/b1.faults.ts']
const basis = () => basisOf('It holds.', files)

beforeEach(() => {
  const here = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'red-'))
  process.chdir(folder)
  onTestFinished(() => {
    process.chdir(here)
    rmSync(folder, { recursive: true })
  })
  mkdirSync('specs/vocabulary', { recursive: true })
  writeFileSync('specs/b1.spec.ts', `import { admit } from './vocabulary/people.ts'`)
  writeFileSync('specs/vocabulary/people.ts', `export { today } from './dates.ts'`)
  for (const file of [
    'specs/b1.faults.ts',
    'specs/vocabulary/dates.ts',
    'specs/vocabulary/roles.ts',
    'specs/c1.spec.ts',
  ])
    writeFileSync(file, file)
})

test('the basis is the same for the same files in any order', () => {
  expect(basisOf('It holds.', files.toReversed())).toBe(basis())
})

test.for([...files, 'specs/vocabulary/people.ts', 'specs/vocabulary/dates.ts'])(
  'it is another when %s changes',
  (file) => {
    const before = basis()

    writeFileSync(file, 'weaker')

    expect(basis()).not.toBe(before)
  },
)

test('it is another when a file is gone, when one is added, and when the sentence changes', () => {
  const before = basis()

  expect(basisOf('It holds.', [...files, 'specs/c1.spec.ts'])).not.toBe(before)
  expect(basisOf('It holds well.', files)).not.toBe(before)
  rmSync('specs/b1.spec.ts')
  expect(basis()).not.toBe(before)
})

test('it stays when a file changes that it does not stand on', () => {
  const before = basis()

  writeFileSync('specs/c1.spec.ts', 'other')
  writeFileSync('specs/vocabulary/roles.ts', 'other')

  expect(basis()).toBe(before)
})

test('a record is read as it was written, and there is none at first', () => {
  const entry: CaughtFault = {
    criterion: 'B1.1.1',
    description: 'x',
    caughtBy: 'y',
    files,
    basis: basis(),
    at: '',
  }
  expect(readCaughtFaults()).toEqual({})

  writeCaughtFaults({ 'B1.1.1/x': entry })

  expect(readCaughtFaults()).toEqual({ 'B1.1.1/x': entry })
})

test('a record that cannot be read says what to do', () => {
  mkdirSync('.signoff')
  writeFileSync('.signoff/red.json', '{')

  expect(readCaughtFaults).toThrow(/red\.json cannot be read/)
})
