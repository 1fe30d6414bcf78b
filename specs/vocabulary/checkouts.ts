// Checkouts that a person may have: cloned with settings of git, or in a folder with an unusual name.
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { commitAll, git } from '../../config/git.ts'
import type { Project } from '../../harness/index.ts'

/** Commits the copy and clones it with a setting of git. Returns the folder of the clone inside of the copy. */
export function cloneWith(project: Project, setting: string): string {
  const { root } = project
  publish(project)
  git(root, 'clone', '--quiet', '--config', setting, '.', '.clone')
  return '.clone'
}

/** Makes the copy a repository that can be cloned, with one commit of all but these files. */
export function publish({ root }: Project, except: string[] = []): void {
  git(root, 'init', '--quiet')
  mkdirSync(join(root, '.git/info'), { recursive: true })
  writeFileSync(join(root, '.git/info/exclude'), `${except.join('\n')}\n`)
  commitAll(root)
}

/** Files of the clone whose bytes are not those of the copy. */
export function filesThatDiffer({ root }: Project, clone: string): string[] {
  const files = git(join(root, clone), 'ls-files', '-z').split('\0').filter(Boolean)
  const read = (path: string) => (lstatSync(path).isFile() ? readFileSync(path, 'latin1') : '')
  return files.filter((file) => read(join(root, clone, file)) !== read(join(root, file)))
}

/** Moves all that the copy contains into a folder of that name inside of it. */
export async function moveInto({ root }: Project, folder: string): Promise<void> {
  const names = await readdir(root)
  await mkdir(join(root, folder))
  await Promise.all(names.map((name) => rename(join(root, name), join(root, folder, name))))
}
