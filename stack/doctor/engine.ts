// Checks of the container engine: that it answers, is new enough, and can enforce the limits that we set.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { broken, type Check, ok, warning } from './finding.ts'

/** Docker 20.10, the oldest that all of this was run on. */
const OLDEST_API = [1, 41] as const
/** The oldest Compose that all of this was run on. */
const OLDEST_COMPOSE = [2, 26] as const

export const engine: Check = {
  name: 'engine',
  async run({ docker: find, beforeSetup, machine }) {
    const docker = await find()
    if (!(docker instanceof CliError)) return [ok(`${docker.version}, API ${docker.api}`)]
    const isMissing = docker.exitCode === EXIT.unreachable
    const isInstalledLater = isMissing && beforeSetup && machine.findProgram('apt-get') !== undefined
    const report = isInstalledLater ? warning : broken
    return [report(docker.what, docker.next)]
  },
}

export const api: Check = {
  name: 'api',
  async run({ docker: find }) {
    const docker = await find()
    if (docker instanceof CliError) return []
    const oldest = OLDEST_API.join('.')
    if (isAtLeast(docker.api, OLDEST_API)) return [ok(`${docker.api}, and ${oldest} or newer is needed`)]
    return [
      broken(
        `Client and engine agree on API ${docker.api}; ${oldest} is the oldest that works.`,
        'install Docker Engine 20.10 or newer.',
      ),
    ]
  },
}

export const compose: Check = {
  name: 'compose',
  async run({ docker: find, beforeSetup }) {
    const docker = await find()
    if (docker instanceof CliError) return []
    const { compose: version } = docker
    if (version === undefined)
      return [(beforeSetup ? warning : broken)('docker has no Compose v2.', 'scripts/engine.sh')]
    if (isAtLeast(version, OLDEST_COMPOSE)) return [ok(version)]
    return [
      warning(
        `Compose is ${version}; ${OLDEST_COMPOSE.join('.')} is the oldest that was tried.`,
        'install a newer one.',
      ),
    ]
  },
}

const LIMITS = { MemoryLimit: 'memory', PidsLimit: 'processes', CpuCfsQuota: 'processors' } as const

/** Without kernel support a limit is accepted and then not enforced. */
export const limits: Check = {
  name: 'limits',
  async run({ docker: find }) {
    const docker = await find()
    if (docker instanceof CliError) return []
    if (docker.info.OSType !== 'linux')
      return [broken(`The engine runs ${docker.info.OSType} containers.`, 'switch it to Linux containers.')]
    const missing = Object.entries(LIMITS).filter(([name]) => docker.info[name] === false)
    if (missing.length === 0) return [ok(Object.values(LIMITS).join(', '))]
    return [
      warning(
        `The engine cannot limit ${missing.map(([, name]) => name).join(' and ')} of a container.`,
        'enable those cgroup controllers in the kernel (cgroup_enable=memory).',
      ),
    ]
  },
}

export const OF_ENGINE = [engine, api, limits, compose]

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number)
  return first > major || (first === major && second >= minor)
}
