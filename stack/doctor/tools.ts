// Checks of the programs that the scripts call.
import { join } from 'node:path'
import { broken, type Check, ok, warning } from './finding.ts'
import { runBounded } from './run-bounded.ts'

interface Tool {
  /** Any of them will do. */
  programs: string[]
  purpose: string
  debian: string
  mac: string
}

const TOOLS: Tool[] = [
  { programs: ['git'], purpose: 'the sources and what .gitignore excludes', debian: 'git', mac: 'git' },
  { programs: ['npm'], purpose: 'the dependencies', debian: 'npm', mac: 'node' },
  { programs: ['perl'], purpose: 'the lock of the set-up', debian: 'perl', mac: 'perl' },
  { programs: ['docker'], purpose: 'the containers', debian: 'docker.io', mac: 'docker' },
  {
    programs: ['timeout', 'gtimeout'],
    purpose: 'every wait with a limit',
    debian: 'coreutils',
    mac: 'coreutils',
  },
]

export const tools: Check = {
  name: 'tools',
  run({ beforeSetup, machine: { platform, findProgram } }) {
    const missing = TOOLS.filter(({ programs }) => programs.every((program) => !findProgram(program)))
    if (missing.length === 0) return [ok(TOOLS.map(({ programs }) => programs[0]).join(', '))]
    return missing.map(({ programs: [name = ''], purpose, debian, mac }) => {
      const isInstalledLater = name === 'docker' && beforeSetup && findProgram('apt-get') !== undefined
      const report = isInstalledLater ? warning : broken
      const next =
        platform === 'darwin'
          ? `brew install ${mac}`
          : `install it (Debian, Ubuntu: apt-get install ${debian})`
      return report(`${name} is missing; it is needed for ${purpose}.`, `${next}.`, name)
    })
  },
}

/** The Node that the scripts will use: the project's own, or the user's. */
export const node: Check = {
  name: 'node',
  async run({ root }) {
    const { exitCode, stdout } = await runBounded(join(root, 'node_modules/.bin/node'), ['--version'])
    const isOwn = exitCode === 0
    const version = isOwn ? stdout.trim() : process.version
    const major = Number(/^v(\d+)/.exec(version)?.[1])
    if (major >= 24) return [ok(`${version} (${isOwn ? "the project's own" : process.execPath})`)]
    return [
      warning(
        `Node is ${version}, and the scripts need 24 or newer.`,
        'npm ci installs one: npm ci --ignore-scripts',
      ),
    ]
  },
}

export const OF_TOOLS = [tools, node]
