// Repositories of actions on this machine, in the place of those on GitHub.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commitAll, git } from '../../config/git.ts'
import type { Outcome, Project } from '../../harness/index.ts'
import { addFile } from './static-checks.ts'

const REMOTES = '.remotes'
const AUTHOR = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'tag.gpgsign=false']

/** The commits of the action `actions/one`: its version v1.0.0 is a plain tag, v2.0.0 an object of its own. */
export interface Commits {
  first: string
  second: string
}

export function makeAction({ root }: Project): Commits {
  const folder = join(root, REMOTES, 'actions/one')
  mkdirSync(folder, { recursive: true })
  git(folder, 'init', '--quiet')
  const commit = (text: string) => {
    writeFileSync(join(folder, 'action.yml'), text)
    commitAll(folder)
    return git(folder, 'rev-parse', 'HEAD')
  }
  const first = commit('first')
  git(folder, 'tag', 'v1.0.0')
  const second = commit('second')
  git(folder, ...AUTHOR, 'tag', '--annotate', '--message', 'second', 'v2.0.0')
  return { first, second }
}

/** Runs the check with these lines as the list of the copy, where git finds GitHub in a folder of it. */
export async function checkActions(project: Project, lines: readonly string[]): Promise<Outcome> {
  const home = join(project.root, '.home')
  const github = `[url "file://${join(project.root, REMOTES)}/"]\n\tinsteadOf = https://github.com/\n`
  await addFile(project, '.home/.gitconfig', github)
  await addFile(project, '.github/actions.lock', `# The actions.\n${lines.join('\n')}\n`)
  return project.run('scripts/check-actions.sh', [], { environment: { HOME: home } })
}
