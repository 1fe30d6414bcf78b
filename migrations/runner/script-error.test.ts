import { expect, test } from 'vitest'
import { scriptError } from './script-error.ts'

const sql = '-- größe 🎉🎉\nselect 1;\nselect x;'

test.for([
  ['the first character of a line below an emoji', 'select x', 3],
  ['the last character of a line', '1;', 2],
  ['a character of the first line', 'größe', 1],
] as const)('the error names the line of %s', ([, text, line]) => {
  const position = [...sql.slice(0, sql.indexOf(text))].length + 1

  const error = scriptError(
    { file: 'a.sql', name: 'a', sql },
    { code: '42703', position: `${position}`, message: 'x' },
  )

  expect(error.facts).toMatchObject({ file: 'a.sql', line })
})
