import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GENERATED } from './generated.ts'

test.for(Object.entries(GENERATED))('%s is what `npm run dashboard` writes', ([file, text]) => {
  expect(readFileSync(file, 'utf8')).toBe(text())
})
