import { expect, test } from 'vitest'
import { CliError, lineOf } from './cli-error.ts'

test('a CliError says what, where and the next act on one line', () => {
  const error = new CliError({ what: 'It died.\n  last words', where: 'container x', next: 'look.' })

  expect(error.line).toBe('It died. last words (container x) Next: look.')
})

test.for([
  ['a CliError', new CliError({ what: 'It died.', where: 'x', next: 'look.' }), 'It died. (x) Next: look.'],
  ['an error', new TypeError('no\n  such thing'), 'TypeError: no such thing'],
  ['an error that crossed a socket', Object.assign(Object.create(null), { message: 'gone' }), 'Error: gone'],
  ['anything else', 'gone', "'gone'"],
  ['nothing', undefined, 'undefined'],
] as const)('%s is one line', ([, error, line]) => {
  expect(lineOf(error)).toBe(line)
})
