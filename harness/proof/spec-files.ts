// Which criteria have tests in which files, found by reading them: what a filter left out of a run must not look proven.
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const NUMBER_IN_TITLE = /['"`]([A-H]\d+\.\d+\.\d+)(?=[\s'"`])/g

/** Criteria with tests in these files, by the text of the titles. */
export function criteriaIn(files: Iterable<string>): Set<string> {
  const ids = new Set<string>()
  for (const file of files) {
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(NUMBER_IN_TITLE)) ids.add(id)
  }
  return ids
}

/** Files that match the project's own patterns, even if the command line excludes them. Absolute paths. */
export function specFilesOf({ root, include }: { root: string; include: string[] }): string[] {
  return globSync(include, { cwd: root, exclude: ['node_modules/**'] }).map((file) => resolve(root, file))
}
