// All that goes into a build, and its hash. The hash is the tag of what is built: an image that is there can be trusted, and
// changed inputs are built under another tag.
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Tests, linters and documents are no part of an image. */
const EXCLUDED = ['**/node_modules/**', '**/lint/**', '**/*.test.ts', '**/*.md']

/** Files below these paths of a folder, relative to it; paths that do not exist have none. */
export function filesBelow(folder: string, paths: string[]): string[] {
  const found = paths.flatMap((path) => {
    const start = join(folder, path)
    if (!existsSync(start)) return []
    if (statSync(start).isFile()) return [path]
    return globSync('**/*', { cwd: start, exclude: EXCLUDED })
      .map((file) => join(path, file))
      .filter((file) => statSync(join(folder, file)).isFile())
  })
  return [...new Set(found)].sort()
}

/** Of names, contents and the owner's execute bit; not of times and owners, which a fresh clone changes. */
export function hashInputs(folder: string, files: string[], ...more: string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    const path = join(folder, file)
    const isExecutable = (statSync(path).mode & 0o100) !== 0
    const content = createHash('sha256').update(readFileSync(path)).digest('hex')
    hash.update(JSON.stringify([file, isExecutable, content]))
  }
  return hash.update(JSON.stringify(more)).digest('hex').slice(0, 16)
}
