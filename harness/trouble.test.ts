import { expect, test } from 'vitest'
import { Trouble } from './trouble.ts'

test('a trouble says what, where and the next act on one line', () => {
  const trouble = new Trouble({ what: 'It died.\n  last words', where: 'container x', next: 'look.' })

  expect(trouble.line).toBe('It died. last words (container x) Next: look.')
})
