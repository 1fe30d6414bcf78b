// A copy of the project whose only test is planted.
import { globSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { typed } from './typed.ts'

const OWN = ['{bench,config,harness,migrations,ml-stub,ops,seeds,stack}/**/*.test.ts', 'specs/**/*.spec.ts']

/** Exit codes of a command that runs the tests: while the only one passes, and while it fails. */
export async function exitCodesOfTests(project: Project, command: string): Promise<number[]> {
  const files = globSync(OWN, { cwd: project.root })
  await Promise.all(files.map((file) => rm(join(project.root, file))))
  const codes: number[] = []
  for (const value of [1, 2]) {
    const test = `import { expect, test } from 'vitest'\ntest('planted', () => expect(1).toBe(${value}))\n`
    await writeFile(join(project.root, 'config/planted.test.ts'), test)
    codes.push((await typed(project, command)).exitCode)
  }
  return codes
}
