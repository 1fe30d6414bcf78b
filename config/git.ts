// Git in a folder of our choice. A hook exports GIT_DIR and the like, and a git that inherits them works on the repository of
// the hook, whatever folder it is started in.
import { execFileSync } from 'node:child_process'

/** The variables without those of git. */
export function withoutGitVariables(variables = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('GIT_')))
}

/** What git writes, without the last line break. Throws where it fails. */
export function git(folder: string, ...args: string[]): string {
  const text = execFileSync('git', args, {
    cwd: folder,
    env: withoutGitVariables(),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return text.replace(/\n$/, '')
}

/** Commits all files of this repository, whatever the developer's own configuration signs or hooks. */
export function commitAll(folder: string): void {
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  const plain = ['-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null']
  git(folder, 'add', '--all')
  git(folder, ...author, ...plain, 'commit', '--quiet', '--message', 'all')
}
