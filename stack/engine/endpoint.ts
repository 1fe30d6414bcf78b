// Where a container engine may be: what DOCKER_HOST says, what the current context says, or one of the usual sockets.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { CliError } from '../../config/cli-error.ts'

export interface Endpoint {
  /** As in DOCKER_HOST. */
  host: string
  /** Who chose it; a person can act on that. */
  source: string
  /** Path of the socket, or host and port. */
  address: { socketPath: string } | { host: string; port: number }
  /** Folder of ca.pem, cert.pem and key.pem where the engine wants TLS. */
  certificates: string | undefined
}

type Environment = NodeJS.ProcessEnv

export const DEFAULT_SOCKET = '/var/run/docker.sock'

/** What DOCKER_HOST or the current context chose; undefined when neither did. Throws CliError (2) when malformed. */
export function configuredEndpoint(environment: Environment): Endpoint | undefined {
  const host = environment.DOCKER_HOST ?? ''
  if (host !== '') return endpointOf(host, 'DOCKER_HOST', certificatesOf(environment))
  return contextEndpoint(environment)
}

/** Docker's own, the rootless one's, Docker Desktop's, Podman's: those that exist, in this order. */
export function usualSockets(environment: Environment): Endpoint[] {
  const home = environment.HOME ?? homedir()
  const run = environment.XDG_RUNTIME_DIR ?? `/run/user/${userInfo().uid}`
  const paths = [
    DEFAULT_SOCKET,
    join(run, 'docker.sock'),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(run, 'podman/podman.sock'),
    '/run/podman/podman.sock',
  ]
  const existing = paths.filter((path) => existsSync(path))
  return existing.map((path) => endpointOf(`unix://${path}`, 'a usual place', undefined))
}

function endpointOf(host: string, source: string, certificates: string | undefined): Endpoint {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(host) ?? []
  if (scheme === 'unix' && rest.startsWith('/'))
    return { host, source, address: { socketPath: rest }, certificates }
  if (scheme === 'ssh') throw sshUnsupported(host, source)
  const [, name = '', port] = /^([\w.-]+|\[[\da-fA-F:]+\])(?::(\d{1,5}))?\/?$/.exec(rest) ?? []
  if (!['tcp', 'http', 'https'].includes(scheme) || name === '') throw malformed(host, source)
  const address = { host: name.replace(/^\[|\]$/g, ''), port: Number(port ?? (certificates ? 2376 : 2375)) }
  return { host: `tcp://${name}:${address.port}`, source, address, certificates }
}

function certificatesOf(environment: Environment): string | undefined {
  if ((environment.DOCKER_TLS_VERIFY ?? '') === '') return undefined
  return environment.DOCKER_CERT_PATH ?? dockerFolder(environment)
}

function dockerFolder(environment: Environment): string {
  return environment.DOCKER_CONFIG ?? join(environment.HOME ?? homedir(), '.docker')
}

const configuration = z.object({ currentContext: z.string().optional() })
const context = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) })

/** Docker keeps a context in a folder named by the hash of its name, its certificates beside it. */
function contextEndpoint(environment: Environment): Endpoint | undefined {
  const folder = dockerFolder(environment)
  const name =
    environment.DOCKER_CONTEXT || readDockerFile(join(folder, 'config.json'), configuration)?.currentContext
  if (name === undefined || name === '' || name === 'default') return undefined
  const source = `the docker context ${name}`
  const id = createHash('sha256').update(name).digest('hex')
  const meta = readDockerFile(join(folder, 'contexts/meta', id, 'meta.json'), context)
  if (meta === undefined) throw malformed('no address', source)
  const certificates = join(folder, 'contexts/tls', id, 'docker')
  return endpointOf(meta.Endpoints.docker.Host, source, existsSync(certificates) ? certificates : undefined)
}

function readDockerFile<T>(file: string, shape: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw new CliError({
      what: `Docker's own file ${file} cannot be read as what it should be.`,
      where: 'looking for the container engine',
      next: 'correct or remove that file, then scripts/engine.sh --check.',
      exitCode: 2,
    })
  }
}

function malformed(host: string, source: string): CliError {
  return new CliError({
    what: `${source} says "${host}", which names no container engine.`,
    where: 'unix:///path/to.sock and tcp://host:port do',
    next:
      source === 'DOCKER_HOST'
        ? 'correct or unset DOCKER_HOST, then scripts/engine.sh --check.'
        : 'docker context use default, then scripts/engine.sh --check.',
    exitCode: 2,
  })
}

function sshUnsupported(host: string, source: string): CliError {
  return new CliError({
    what: `${source} says "${host}", and Testcontainers cannot use an engine over SSH.`,
    where: 'looking for the container engine',
    next: `forward its socket (ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock …), set DOCKER_HOST=unix:///tmp/engine.sock, then scripts/engine.sh --check.`,
    exitCode: 2,
  })
}
