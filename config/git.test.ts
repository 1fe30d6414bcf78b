import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { commitAll, git } from './git.ts'

const root = () => mkdtempSync(join(tmpdir(), 'hma-git-'))
const repository = () => {
  const folder = root()
  git(folder, 'init', '--quiet')
  writeFileSync(join(folder, 'file'), folder)
  return folder
}
let [ours, developers] = ['', '']

beforeEach(() => {
  ;[ours, developers] = [repository(), repository()]
  commitAll(developers)
  vi.stubEnv('GIT_DIR', join(developers, '.git'))
  vi.stubEnv('GIT_WORK_TREE', developers)
  vi.stubEnv('GIT_INDEX_FILE', join(developers, '.git/index'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of [ours, developers]) rmSync(folder, { recursive: true })
})

test('the repository is that of the folder, also inside of a hook of another one', () => {
  expect(git(ours, 'ls-files', '--others')).toBe('file')
  expect(git(ours, 'rev-parse', '--git-dir')).toBe('.git')
})

test('a commit inside of a hook leaves the repository of the hook as it was', () => {
  const before = git(developers, 'rev-parse', 'HEAD')

  commitAll(ours)

  expect(git(developers, 'rev-parse', 'HEAD')).toBe(before)
  expect(git(ours, 'log', '--format=%s')).toBe('all')
})
