// The metric files (*.prom) that jobs write into a folder.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { lineOf } from '../../config/cli-error.ts'
import { readTextFile } from '../../config/text-file.ts'

/** All of them, by name; nothing without a folder. */
export function metricFilesIn(folder: string | undefined): string {
  if (folder === undefined) return ''
  const files = globSync('*.prom', { cwd: folder }).sort()
  return files.map((file) => metricFile(join(folder, file))).join('')
}

/** One that cannot be read is named in a comment, and takes no other figure away. */
function metricFile(path: string): string {
  try {
    return readTextFile(path, 'remove it.') ?? ''
  } catch (error) {
    return `# ${lineOf(error)}\n`
  }
}
