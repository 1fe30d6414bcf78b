import { mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './root.ts'
import { foreignFolder } from './stack-owner.ts'

const through = (link: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'hma-owner-')), link)
  symlinkSync(ROOT, path)
  return path
}

test.for([ROOT, join(ROOT, 'docker'), through('link'), ''])('%s is no foreign folder', (folder) => {
  expect(foreignFolder([{ projectFolder: folder }], [{ folder }])).toBeUndefined()
})

test.for(['/elsewhere', `${ROOT}-2`, join(ROOT, '..'), join(ROOT, 'worktree')])(
  '%s is a foreign folder',
  (folder) => {
    expect(foreignFolder([{ projectFolder: ROOT }, { projectFolder: folder }], [])).toBe(folder)
    expect(foreignFolder([], [{ folder: ROOT }, { folder }])).toBe(folder)
  },
)
