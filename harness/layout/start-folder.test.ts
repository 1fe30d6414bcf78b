// In whatever folder somebody starts Vitest, it has the configuration of the project.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs')

/** The test files that Vitest finds there, in order, each behind the name of its project. */
function testFilesAt(folder: string): string[] {
  const words = [VITEST, 'list', '--filesOnly', '--json']
  const listed = execFileSync(process.execPath, words, { cwd: join(ROOT, folder), encoding: 'utf8' })
  const files = JSON.parse(listed) as { file: string; projectName: string }[]
  return files.map(({ file, projectName }) => `${projectName} ${file}`).sort()
}

test('Vitest that is started in specs/ finds the same tests as at the root, with the same configuration', () => {
  const atRoot = testFilesAt('.')

  const inSpecs = testFilesAt('specs')

  expect(inSpecs).toEqual(atRoot)
  expect(new Set(atRoot.map((line) => line.split(' ')[0]))).toEqual(new Set(['acceptance', 'unit']))
})
