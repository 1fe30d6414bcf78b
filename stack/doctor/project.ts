// Checks of the project's own state: dependencies, settings, secrets, and what runs under its name.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { ask } from './bounded.ts'
import { type Finding, voiceOf } from './finding.ts'
import type { Room } from './room.ts'

const SETUP = 'scripts/setup-dev-environment.sh'

/** scripts/provide.sh notes which lock file the dependencies were installed from. */
export async function dependencies({ root }: Room): Promise<Finding[]> {
  const voice = voiceOf('dependencies')
  if (!existsSync(join(root, 'node_modules/pg')))
    return [voice.warning('The dependencies are not installed.', 'npm ci --ignore-scripts')]
  const stamp = join(root, 'node_modules/.hma-lock')
  const { exitCode, stdout } = await ask('git', ['hash-object', 'package-lock.json'], { cwd: root })
  const isKnown = exitCode === 0 && existsSync(stamp)
  if (!isKnown || readFileSync(stamp, 'utf8').trim() === stdout.trim()) return [voice.ok('installed')]
  return [
    voice.warning('The dependencies are those of another package-lock.json.', 'npm ci --ignore-scripts'),
  ]
}

/** Each variable that is missing or invalid, as every script would refuse it. */
export async function settings(room: Room): Promise<Finding[]> {
  const { root, variant } = room
  const voice = voiceOf('settings')
  const file = join(root, '.env')
  if (!existsSync(file)) return [voice.warning('There is no .env yet.', `${SETUP}, which writes it.`)]
  const words = ['config/main.ts', 'check', '--variant', variant]
  const { exitCode, stderr } = await ask(process.execPath, words, { cwd: root })
  if (exitCode === 0) return [voice.ok('.env names all that is read')]
  const lines = exitCode === 2 ? stderr.trim().split('\n') : []
  const written = { ...parseEnv(readFileSync(file, 'utf8')), ...process.env }
  return lines.map((line) => refused(room, 'settings', line, (name) => !written[name]))
}

export async function secrets(room: Room): Promise<Finding[]> {
  const { root, variant, variables, beforeSetup } = room
  const voice = voiceOf('secrets')
  const folder = resolve(root, variables.HMA_SECRETS || '.hma/secrets')
  const next = variant === 'prod' ? 'put them there.' : `${SETUP}, which makes them up.`
  if (!existsSync(folder)) return [voice.warning(`There are no secrets at ${folder} yet.`, next)]
  const isOpen = (statSync(folder).mode & 0o077) !== 0
  if (isOpen && !beforeSetup)
    return [voice.broken(`Others of this machine may enter ${folder}.`, `chmod 700 ${folder}`, folder)]
  const words = ['config/main.ts', 'check', '--secrets', '--variant', variant]
  const { exitCode, stderr } = await ask(process.execPath, words, { cwd: root })
  const line = stderr.split('\n').find((said) => /the secret /.test(said))
  if (exitCode !== 2 || line === undefined) return [voice.ok(`${folder}, for its owner alone`)]
  const file = /the secret ([a-z-]+)/.exec(line)?.[1] ?? ''
  return [refused(room, 'secrets', line, () => !existsSync(join(folder, file)))]
}

/** A line by which the scripts refuse. What is missing is no defect before the set-up, which brings it. */
function refused(
  { beforeSetup }: Room,
  check: string,
  line: string,
  isMissing: (variable: string) => boolean,
): Finding {
  const [what = '', next = SETUP] = line.replace(/^[\w.-]+: /, '').split(' Next: ')
  const variable = /^HMA_\w+/.exec(what)?.[0]
  const isBrought = beforeSetup && isMissing(variable ?? '')
  return voiceOf(check)[isBrought ? 'warning' : 'broken'](what, next, variable)
}

/** What must never be committed is ignored, and not committed. */
export async function ignored({ root }: Room): Promise<Finding[]> {
  const voice = voiceOf('ignored')
  const [outside, tracked] = await Promise.all([
    ask('git', ['check-ignore', '.env', '.hma/secrets/redis-password'], { cwd: root }),
    ask('git', ['ls-files', '.env', '.hma'], { cwd: root }),
  ])
  if (tracked.exitCode !== 0) return [voice.ok('no repository')]
  const [first] = tracked.stdout.split('\n')
  if (first)
    return [
      voice.broken(`${first} is committed.`, `git rm --cached ${first}, and change what it holds.`, first),
    ]
  if (outside.stdout.trim().split('\n').length === 2) return [voice.ok('.env and .hma/')]
  return [voice.broken('.env or .hma/ is not in .gitignore.', 'git checkout .gitignore')]
}

/** Two checkouts under one name would take each other's containers for their own. */
export async function name({ root, docker: meet, project }: Room): Promise<Finding[]> {
  const voice = voiceOf('name')
  const docker = await meet()
  if (typeof docker === 'string') return []
  const ours = docker.containers.filter((container) => container.project === project)
  const stranger = ours.find(({ folder }) => folder !== '' && !isOf(folder, root))
  if (stranger === undefined) return [voice.ok(project)]
  return [
    voice.broken(
      `The compose project ${project} runs from ${stranger.folder}.`,
      `set HMA_PROJECT in .env to another name, or there: scripts/teardown.sh`,
      project,
    ),
  ]
}

function isOf(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(`${root}/`)
}

/** Containers of the stack that are not as they should be. */
export async function containers({ docker: meet, project }: Room): Promise<Finding[]> {
  const voice = voiceOf('containers')
  const docker = await meet()
  if (typeof docker === 'string') return []
  const ours = docker.containers.filter((container) => container.project === project)
  const ill = ours.filter(({ state, status }) => /unhealthy/.test(status) || isDown(state, status))
  if (ill.length > 0)
    return ill.map(({ name: container, status }) =>
      voice.warning(`${container}: ${status}`, `docker logs --tail 20 ${container}`, container),
    )
  return [voice.ok(ours.length === 0 ? `none of ${project}` : `${ours.length} of ${project}`)]
}

/** A one-shot that ended with 0 has done its work. */
function isDown(state: string, status: string): boolean {
  return (
    ['restarting', 'dead', 'paused'].includes(state) || (state === 'exited' && !/Exited \(0\)/.test(status))
  )
}
