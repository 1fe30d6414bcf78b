import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { CATCHING_TESTS, keepCatchingTests, readCatchingTests } from './catching-tests.ts'
import { recordCaughtFault } from './caught-faults.ts'
import type { SelectedFault } from './select-faults.ts'

const caughtIn = 'specs/b1.spec.ts'
const kept = (tests: Record<string, string>) => writeFileSync(CATCHING_TESTS, JSON.stringify(tests))
const seen = (id: string, caughtBy: string) =>
  recordCaughtFault(id, { criterion: '', description: '', caughtBy, caughtIn, files: [], product: '' }, '')
/** B1.1.1 with faults of these ids is selected. */
const selected = (...ids: string[]) => ({
  criteria: [{ id: 'B1.1.1', epic: 'B1', sentence: '' }],
  faults: ids.map((id) => ({ id })) as SelectedFault[],
})

beforeEach(() => {
  const here = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'catching-'))
  process.chdir(folder)
  onTestFinished(() => {
    process.chdir(here)
    rmSync(folder, { recursive: true })
  })
  mkdirSync('specs')
})

test('nothing is known without a file and without a record', () => {
  expect(readCatchingTests()).toEqual({})
})

test('what this clone has seen comes before what is kept', () => {
  kept({ 'B1.1.1/x': `${caughtIn} > B1.1.1 old`, 'B1.1.1/y': `${caughtIn} > B1.1.1 a > b` })
  seen('B1.1.1/x', 'B1.1.1 new')

  expect(readCatchingTests()).toMatchObject({
    'B1.1.1/x': { caughtBy: 'B1.1.1 new', caughtIn },
    'B1.1.1/y': { caughtBy: 'B1.1.1 a > b', caughtIn },
  })
})

test('what was seen is kept, what there is no more is forgotten, and what is not selected stays', () => {
  kept({ 'B1.1.10/z': 'z > z', 'B1.1.1/gone': 'x > x', 'B1.1.1/y': 'y > y' })
  seen('B1.1.1/x', 'B1.1.1 new')

  expect(keepCatchingTests(selected('B1.1.1/x', 'B1.1.1/y', 'B1.1.1/never'))).toBe(3)
  expect(JSON.parse(readFileSync(CATCHING_TESTS, 'utf8'))).toEqual({
    'B1.1.1/x': `${caughtIn} > B1.1.1 new`,
    'B1.1.1/y': 'y > y',
    'B1.1.10/z': 'z > z',
  })
})

test('a file that is no such list is refused', () => {
  writeFileSync(CATCHING_TESTS, '[')

  expect(readCatchingTests).toThrow(`${CATCHING_TESTS} cannot be read.`)
})
