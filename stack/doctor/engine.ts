// Checks of the container engine: that it answers, speaks what we speak, and can keep the limits we set.
import { pathOf } from './bounded.ts'
import { type Finding, voiceOf } from './finding.ts'
import type { Room } from './room.ts'

/** Docker 20.10, the oldest that all of this was run on. */
const OLDEST_API = [1, 41] as const
/** The oldest Compose that all of this was run on. */
const OLDEST_COMPOSE = [2, 26] as const

export async function engine({ docker: meet, beforeSetup }: Room): Promise<Finding[]> {
  const voice = voiceOf('engine')
  const docker = await meet()
  if (typeof docker !== 'string') return [voice.ok(`${docker.version}, API ${docker.api}`)]
  const isBrought = beforeSetup && pathOf('apt-get') !== undefined
  return [
    voice[isBrought ? 'warning' : 'broken'](`No container engine answers: ${docker}.`, 'scripts/engine.sh'),
  ]
}

export async function api({ docker: meet }: Room): Promise<Finding[]> {
  const voice = voiceOf('api')
  const docker = await meet()
  if (typeof docker === 'string') return []
  if (isAtLeast(docker.api, OLDEST_API))
    return [voice.ok(`${docker.api}, and ${OLDEST_API.join('.')} or newer is needed`)]
  return [
    voice.broken(
      `Client and engine agree on API ${docker.api}; ${OLDEST_API.join('.')} is the oldest that will do.`,
      'install Docker Engine 20.10 or newer.',
    ),
  ]
}

export async function compose({ docker: meet, beforeSetup }: Room): Promise<Finding[]> {
  const voice = voiceOf('compose')
  const docker = await meet()
  if (typeof docker === 'string') return []
  const { compose: version } = docker
  if (version === undefined)
    return [voice[beforeSetup ? 'warning' : 'broken']('docker has no Compose v2.', 'scripts/engine.sh')]
  if (isAtLeast(version, OLDEST_COMPOSE)) return [voice.ok(version)]
  return [
    voice.warning(
      `Compose is ${version}; ${OLDEST_COMPOSE.join('.')} is the oldest that was tried.`,
      'install a newer one.',
    ),
  ]
}

const LIMITS = { MemoryLimit: 'memory', PidsLimit: 'processes', CpuCfsQuota: 'processors' } as const

/** A limit that the kernel cannot keep is one that everybody believes in. */
export async function limits({ docker: meet }: Room): Promise<Finding[]> {
  const voice = voiceOf('limits')
  const docker = await meet()
  if (typeof docker === 'string') return []
  if (docker.info.OSType !== 'linux')
    return [
      voice.broken(`The engine runs ${docker.info.OSType} containers.`, 'switch it to Linux containers.'),
    ]
  const missing = Object.entries(LIMITS).filter(([name]) => docker.info[name] === false)
  if (missing.length === 0) return [voice.ok(Object.values(LIMITS).join(', '))]
  const what = missing.map(([, name]) => name).join(' and ')
  return [
    voice.warning(
      `The engine cannot limit ${what} of a container.`,
      'enable those cgroup controllers in the kernel (cgroup_enable=memory).',
    ),
  ]
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number)
  return first > major || (first === major && second >= minor)
}
