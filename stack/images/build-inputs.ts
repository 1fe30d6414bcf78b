// All that goes into a build, and its hash. The hash is the tag of what is built: an image that is there can be trusted, and
// changed inputs are built under another tag.
import { createHash } from 'node:crypto'
import { globSync, lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readPlainFile } from '../../config/text-file.ts'

/** Tests, linters and documents are no part of an image. */
const EXCLUDED = ['**/node_modules/**', '**/lint/**', '**/*.test.ts', '**/*.md']

/**
 * Files below these paths of a folder, relative to it; paths that do not exist have none. Throws CliError (exit 2) for a folder
 * without a file, which may be in the place of one.
 */
export function filesBelow(folder: string, paths: string[]): string[] {
  const found = paths.flatMap((path) => {
    const start = join(folder, path)
    if (lstatSync(start, { throwIfNoEntry: false }) === undefined) return []
    if (isFile(start)) return [path]
    const files = globSync('**/*', { cwd: start, exclude: EXCLUDED })
      .map((file) => join(path, file))
      .filter((file) => isFile(join(folder, file)))
    if (files.length === 0) throw unusable(start, 'is no file, and has none in it')
    return files
  })
  return [...new Set(found)].sort()
}

function unusable(path: string, problem: string): CliError {
  return new CliError({ what: `${path} ${problem}.`, next: checkOut(path), exitCode: EXIT.usage })
}

const checkOut = (path: string) => `git checkout -- ${path}`

/** What cannot be looked at counts as one: whoever reads it says what is wrong. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/**
 * Of names, contents and the owner's execute bit; not of times and owners, which a fresh clone changes. Throws CliError (exit 2) for
 * what is no file.
 */
export function hashInputs(folder: string, files: string[], ...more: string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    const path = join(folder, file)
    const bytes = readPlainFile(path, checkOut(path))
    if (bytes === undefined) throw unusable(path, 'does not exist')
    const isExecutable = (statSync(path).mode & 0o100) !== 0
    const content = createHash('sha256').update(bytes).digest('hex')
    hash.update(JSON.stringify([file, isExecutable, content]))
  }
  return hash.update(JSON.stringify(more)).digest('hex').slice(0, 16)
}
