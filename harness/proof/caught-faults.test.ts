import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { parseList } from './acceptance-list.ts'
import { basisOf, criteriaSeenRed, readCaughtFaults, recordCaughtFault } from './caught-faults.ts'

const files = ['specs/b1.spec.ts', 'specs/b1.faults.ts']
const basis = () => basisOf('It holds.', files)

beforeEach(() => {
  const here = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'caught-'))
  process.chdir(folder)
  onTestFinished(() => {
    process.chdir(here)
    rmSync(folder, { recursive: true })
  })
  mkdirSync('specs/vocabulary', { recursive: true })
  writeFileSync('specs/b1.spec.ts', `import { insertUser } from './vocabulary/people.ts'`)
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
  'it changes with %s',
  (file) => {
    const before = basis()

    writeFileSync(file, 'weaker')

    expect(basis()).not.toBe(before)
  },
)

test('it changes when a file is deleted, when one is added, and with the sentence', () => {
  const before = basis()

  expect(basisOf('It holds.', [...files, 'specs/c1.spec.ts'])).not.toBe(before)
  expect(basisOf('It holds well.', files)).not.toBe(before)
  rmSync('specs/b1.spec.ts')
  expect(basis()).not.toBe(before)
})

test('it does not change with a file that none of them imports', () => {
  const before = basis()

  writeFileSync('specs/c1.spec.ts', 'other')
  writeFileSync('specs/vocabulary/roles.ts', 'other')

  expect(basis()).toBe(before)
})

const list = parseList('### B1 People\n- B1.1.1 It holds.\n- B1.1.2 It holds too.\n')
const entry = {
  criterion: 'B1.1.1',
  description: 'x',
  caughtBy: 'y',
  caughtIn: 'specs/b1.spec.ts',
  files,
  product: 'p',
}

test('the record is empty at first, and a fault that is no longer caught is removed from it', () => {
  expect(readCaughtFaults()).toEqual({})

  recordCaughtFault('B1.1.1/x', entry, 'It holds.')
  expect(readCaughtFaults()).toMatchObject({ 'B1.1.1/x': { ...entry, basis: basis() } })

  recordCaughtFault('B1.1.1/x', undefined, 'It holds.')
  expect(readCaughtFaults()).toEqual({})
})

test('a criterion was seen red as long as sentence and files are the ones of its entry', () => {
  recordCaughtFault('B1.1.1/x', entry, 'It holds.')
  recordCaughtFault('B1.1.2/x', { ...entry, criterion: 'B1.1.2' }, 'Another sentence.')
  expect([...criteriaSeenRed(list)]).toEqual(['B1.1.1'])

  writeFileSync('specs/b1.spec.ts', 'weaker')

  expect([...criteriaSeenRed(list)]).toEqual([])
})

test('a record that cannot be read says what to do', () => {
  mkdirSync('.signoff')
  writeFileSync('.signoff/caught-faults.json', '{')

  expect(readCaughtFaults).toThrow(/caught-faults\.json cannot be read/)
})
