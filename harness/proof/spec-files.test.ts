import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { criteriaIn, specFilesOf } from './spec-files.ts'

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'spec-files-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('the criteria of a file are the numbers that its titles start with', () => {
  const folder = folderWith({
    'a.spec.ts': `test('B1.1.1 a', x)
test(\`B1.1.2 b\`, x)
test("B1.1.30 c", x) // 'as B1.1.4 says'`,
  })

  expect([...criteriaIn([join(folder, 'a.spec.ts')])]).toEqual(['B1.1.1', 'B1.1.2', 'B1.1.30'])
})

test('the spec files are the ones of the project, not the ones of the command line', () => {
  const folder = folderWith({ 'a.spec.ts': '', 'b.spec.ts': '', 'c.ts': '' })

  expect(specFilesOf({ root: folder, include: ['*.spec.ts'] }).sort()).toEqual([
    join(folder, 'a.spec.ts'),
    join(folder, 'b.spec.ts'),
  ])
})
