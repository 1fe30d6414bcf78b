// Checks of the machine: tools, versions, processors, memory, disk, clock.
import { realpathSync, statfsSync, statSync } from 'node:fs'
import { arch, availableParallelism, platform, tmpdir, totalmem } from 'node:os'
import { ask, pathOf } from './bounded.ts'
import { type Finding, voiceOf } from './finding.ts'
import type { Room } from './room.ts'

const GIB = 2 ** 30

interface Tool {
  /** Any of them will do. */
  programs: string[]
  what: string
  debian: string
  mac: string
}

const TOOLS: Tool[] = [
  { programs: ['git'], what: 'the sources and what .gitignore keeps out', debian: 'git', mac: 'git' },
  { programs: ['npm'], what: 'the dependencies', debian: 'npm', mac: 'node' },
  { programs: ['docker'], what: 'the containers', debian: 'docker.io', mac: 'docker' },
  {
    programs: ['timeout', 'gtimeout'],
    what: 'every wait with a limit',
    debian: 'coreutils',
    mac: 'coreutils',
  },
]

/** Every tool that the scripts call and that is not there. */
export function tools({ beforeSetup }: Room): Finding[] {
  const voice = voiceOf('tools')
  const missing = TOOLS.filter(({ programs }) => programs.every((program) => pathOf(program) === undefined))
  if (missing.length === 0) return [voice.ok(TOOLS.map(({ programs }) => programs[0]).join(', '))]
  return missing.map(({ programs: [name = ''], what, debian, mac }) => {
    const isBrought = name === 'docker' && beforeSetup && pathOf('apt-get') !== undefined
    const next =
      platform() === 'darwin'
        ? `brew install ${mac}`
        : `install it (Debian, Ubuntu: apt-get install ${debian})`
    return voice[isBrought ? 'warning' : 'broken'](`${name} is missing; it is for ${what}.`, `${next}.`, name)
  })
}

/** The Node that the scripts will use: the project's own, or the user's. */
export async function node({ root }: Room): Promise<Finding[]> {
  const voice = voiceOf('node')
  const own = `${root}/node_modules/.bin/node`
  const { exitCode, stdout } = await ask(own, ['--version'])
  const version = exitCode === 0 ? stdout.trim() : process.version
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  if (major >= 24)
    return [voice.ok(`${version} (${exitCode === 0 ? "the project's own" : process.execPath})`)]
  return [
    voice.warning(
      `Node is ${version}, and the scripts need 24 or newer.`,
      'npm ci brings one: npm ci --ignore-scripts',
    ),
  ]
}

export function architecture(): Finding[] {
  const voice = voiceOf('architecture')
  if (['x64', 'arm64'].includes(arch())) return [voice.ok(`${platform()}/${arch()}`)]
  return [
    voice.broken(`Images are built for x64 and arm64, and this is ${arch()}.`, 'use a machine of that kind.'),
  ]
}

export function processors(): Finding[] {
  const voice = voiceOf('processors')
  const count = availableParallelism()
  if (count >= 2) return [voice.ok(`${count}`)]
  return [
    voice.warning('There is one processor; set-up and specs will be slow.', 'give this machine two or more.'),
  ]
}

/** The stack's own limits add up to less than 3 GiB; specs want as much again. */
export async function memory(room: Room): Promise<Finding[]> {
  const voice = voiceOf('memory')
  const docker = await room.docker()
  const engine = typeof docker === 'string' ? Number.POSITIVE_INFINITY : Number(docker.info.MemTotal ?? 0)
  const gib = Math.min(totalmem(), engine || Number.POSITIVE_INFINITY) / GIB
  const what = `${gib.toFixed(1)} GiB`
  const next = 'give the machine (or the virtual machine of its engine) 4 GiB or more.'
  if (gib >= 3.7) return [voice.ok(what)]
  return [voice[gib >= 2 ? 'warning' : 'broken'](`There are ${what} of memory.`, next)]
}

/** GiB for images built from nothing, and for a stack that only runs. */
const NEED_GIB = { everything: 10, running: 2 }

/** The smallest of the places that are written to: the project, the temporary folder, the engine's data. */
export async function disk({
  root,
  docker: meet,
  needDiskGib,
  missing,
  variables,
}: Room): Promise<Finding[]> {
  const voice = voiceOf('disk')
  const docker = await meet()
  const need = needDiskGib ?? ((await missing())?.length === 0 ? NEED_GIB.running : NEED_GIB.everything)
  const engine = typeof docker === 'string' ? [] : [docker.dataFolder]
  const places = [root, variables.TMPDIR ?? tmpdir(), ...engine].flatMap(freeAt)
  const least = places.toSorted((one, other) => one.gib - other.gib)[0]
  if (least === undefined) return []
  const what = `${least.gib.toFixed(1)} GiB are free at ${least.place}`
  if (least.gib >= 2 * need) return [voice.ok(what)]
  const next = 'free some space there (docker system df tells what the engine keeps).'
  return [
    voice[least.gib >= need ? 'warning' : 'broken'](
      `${what}, and ${need} GiB are needed.`,
      next,
      least.place,
    ),
  ]
}

/** Nothing where the folder is another machine's, as that of an engine in a virtual machine. */
function freeAt(place: string): { place: string; gib: number }[] {
  try {
    const { bavail, bsize } = statfsSync(place)
    return [{ place, gib: (bavail * bsize) / GIB }]
  } catch {
    return []
  }
}

const SKEW_MS = 30_000

/** Wrong clocks break certificates and sessions: no clock is older than the newest commit, or than its engine's. */
export async function clock({ root, docker: meet }: Room): Promise<Finding[]> {
  const voice = voiceOf('clock')
  const docker = await meet()
  const now = Date.now()
  const commit = await ask('git', ['log', '-1', '--format=%ct'], { cwd: root })
  const newest = Number(commit.stdout || 0) * 1000
  if (newest > now + SKEW_MS)
    return [
      voice.broken(
        `The clock says ${dateOf(now)}, and the newest commit is of ${dateOf(newest)}.`,
        'set the clock (timedatectl set-ntp true).',
      ),
    ]
  const engine = typeof docker === 'string' ? now : Date.parse(String(docker.info.SystemTime ?? ''))
  const skew = Math.abs(engine - now)
  if (Number.isNaN(skew) || skew <= SKEW_MS) return [voice.ok(dateOf(now))]
  return [
    voice.warning(
      `The engine's clock is ${Math.round(skew / 1000)} s off.`,
      'restart the virtual machine of the engine.',
    ),
  ]
}

const dateOf = (milliseconds: number) => new Date(milliseconds).toISOString()

/** Compose warns about a project behind a link, and its names then depend on the way one came. */
export function folder({ root }: Room): Finding[] {
  const voice = voiceOf('folder')
  const real = realpathSync(root)
  const isOurs = statSync(root).uid === process.getuid?.() || process.getuid?.() === 0
  if (!isOurs)
    return [
      voice.warning(`${root} belongs to somebody else.`, `chown -R ${process.env.USER ?? 'YOU'} ${root}`),
    ]
  if (real === root) return [voice.ok(root)]
  return [voice.warning(`${root} is a link to ${real}.`, `cd ${real}`)]
}
