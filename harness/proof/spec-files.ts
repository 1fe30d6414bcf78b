// What a run left out, found by reading the spec files it did not run: a filter must never look like a proof.
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const NUMBER_IN_TITLE = /['"`]([A-H]\d+\.\d+\.\d+)(?=[\s'"`])/g

/** Criteria whose tests stand in these files, going by the text of their titles. */
export function criteriaIn(files: Iterable<string>): Set<string> {
  const ids = new Set<string>()
  for (const file of files) {
    for (const [, id = ''] of readFileSync(file, 'utf8').matchAll(NUMBER_IN_TITLE)) ids.add(id)
  }
  return ids
}

/** Files that match the project's own patterns, whatever the command line excludes. Absolute paths. */
export function specFilesOf({ root, include }: { root: string; include: string[] }): string[] {
  return globSync(include, { cwd: root, exclude: ['node_modules/**'] }).map((file) => resolve(root, file))
}
