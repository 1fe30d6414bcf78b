// How long files may be and how many specs have a form that they should not have. A limit only goes down: whoever makes one of these
// files shorter, or a loop a table, lowers it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'
import { filesOf } from './imports.ts'

const LINES_OF_A_SPEC = 250
const LINES_OF_CODE = 200
/** Longer than their kind may be. */
const LONGER: Record<string, number> = {
  'config/variables.ts': 224,
}
/** Spec files of more than 200 lines. */
const LONG_SPECS = 27
/** Loops and conditions in spec files: a table of `test.for`, or a function of the vocabulary, says the same. */
const LOOPS_AND_CONDITIONS = 34

const texts = filesOf(ROOT, '*.ts').map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
const lengths = texts.map(({ file, text }) => ({ file, lines: linesIn(text) }))
const isSpec = ({ file }: { file: string }) => file.endsWith('.spec.ts')
const isCode = ({ file }: { file: string }) => !/^specs\/|\.test\.ts$/.test(file)

function linesIn(text: string): number {
  return text.trimEnd().split('\n').length
}

function loopsIn(text: string): number {
  return text.match(/^\s*(?:\} else )?(?:for|while|if) (?:await )?\(/gm)?.length ?? 0
}

function longerThan(limit: number, files: { file: string; lines: number }[]): string[] {
  return files
    .filter(({ file, lines }) => lines > (LONGER[file] ?? limit))
    .map(({ file, lines }) => `${file}: ${lines}`)
}

test('a loop and a condition are counted, a table of tests and a word in a text are not', () => {
  const text =
    "  for (const a of b)\n    if (a) {\n    } else if (b) c()\n  test.for([1])\n  const text = 'if (x)'"

  expect(loopsIn(text)).toBe(3)
})

test('a spec file has at most 250 lines, another file of code 200', () => {
  expect(longerThan(LINES_OF_A_SPEC, lengths.filter(isSpec))).toEqual([])
  expect(longerThan(LINES_OF_CODE, lengths.filter(isCode))).toEqual([])
  expect(Object.keys(LONGER).filter((file) => !lengths.some((each) => each.file === file))).toEqual([])
})

test('no more spec files become long', () => {
  const long = lengths.filter(isSpec).filter(({ lines }) => lines > LINES_OF_CODE)

  expect(long.length).toBeLessThanOrEqual(LONG_SPECS)
})

test('no more loops and conditions come into spec files', () => {
  const count = texts.filter(isSpec).reduce((sum, { text }) => sum + loopsIn(text), 0)

  expect(count).toBeGreaterThan(0)
  expect(count).toBeLessThanOrEqual(LOOPS_AND_CONDITIONS)
})
