// Checks of the project's folder: its owner, its dependencies, and what git must not hold.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dependenciesAreInstalled } from './dependencies.ts'
import { broken, type Check, ok, warning } from './finding.ts'
import { runBounded } from './run-bounded.ts'

/** Compose warns about a project behind a link, and its names then depend on the path one came by. */
export const folder: Check = {
  name: 'folder',
  run({ root }) {
    const real = realpathSync(root)
    if (root.includes(':'))
      return [broken(`${root} has a colon, which PATH cannot hold.`, 'move the project to another path.')]
    const isOwn = statSync(root).uid === process.getuid?.() || process.getuid?.() === 0
    if (!isOwn)
      return [warning(`${root} belongs to another user.`, `chown -R ${process.env.USER ?? 'YOU'} ${root}`)]
    if (real === root) return [ok(root)]
    return [warning(`${root} is a link to ${real}.`, `cd ${real}`)]
  },
}

/** scripts/dependencies.sh notes which lock file the dependencies were installed from. */
export const dependencies: Check = {
  name: 'dependencies',
  async run({ root }) {
    const next = 'npm ci --ignore-scripts'
    if (!dependenciesAreInstalled(root)) return [warning('The dependencies are not installed.', next)]
    const stamp = join(root, 'node_modules/.hma-lock')
    const { exitCode, stdout } = await runBounded('git', ['hash-object', 'package-lock.json'], root)
    // Without git nothing can be compared.
    if (typeof exitCode === 'string') return [ok('installed')]
    if (exitCode !== 0) return [broken('package-lock.json cannot be read.', 'git checkout package-lock.json')]
    if (!existsSync(stamp) || noted(stamp) === stdout.trim()) return [ok('installed')]
    return [warning('The dependencies are those of another package-lock.json.', next)]
  },
}

/** Empty where it cannot be read: then they are installed anew. */
function noted(stamp: string): string {
  try {
    return readFileSync(stamp, 'utf8').trim()
  } catch {
    return ''
  }
}

/** What must never be committed is ignored, and not committed. */
export const ignored: Check = {
  name: 'ignored',
  async run({ root }) {
    const [ignoredPaths, tracked] = await Promise.all([
      runBounded('git', ['check-ignore', '.env', '.hma/secrets/redis-password'], root),
      runBounded('git', ['ls-files', '.env', '.hma'], root),
    ])
    if (tracked.exitCode !== 0) return [ok('no repository')]
    const [first] = tracked.stdout.split('\n')
    if (first)
      return [broken(`${first} is committed.`, `git rm --cached ${first}, and change what it holds.`, first)]
    if (ignoredPaths.stdout.trim().split('\n').length === 2) return [ok('.env and .hma/')]
    return [broken('.env or .hma/ is not in .gitignore.', 'git checkout .gitignore')]
  },
}

export const OF_PROJECT = [folder, dependencies, ignored]
