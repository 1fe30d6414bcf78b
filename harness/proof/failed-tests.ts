// What failed, once more at the end of a run: who reads the last page of CI's log sees why, without a search.
import { stripVTControlCharacters } from 'node:util'
import type { TestCase } from 'vitest/node'

/** Lines of an error's message and of its difference: enough to see what was found, too few to hide the next test. */
const LINES_OF_ERROR = 12
const CHARACTERS_OF_LINE = 600

/** The title of each failed test, below it its file and the beginning of its first error. */
export function failedTestLines(tests: TestCase[]): string[] {
  const failed = tests.filter((test) => test.result().state === 'failed')
  return failed.flatMap((test) => [
    '',
    `failed: ${test.name}`,
    `  ${test.module.relativeModuleId}`,
    ...errorLines(test.result().errors?.[0]),
  ])
}

function errorLines(error: { message: string; diff?: string } | undefined): string[] {
  const text = stripVTControlCharacters([error?.message, error?.diff].filter(Boolean).join('\n'))
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const shown = lines.slice(0, LINES_OF_ERROR).map((line) => `  ${line.slice(0, CHARACTERS_OF_LINE)}`)
  return lines.length > LINES_OF_ERROR ? [...shown, '  …'] : shown
}
