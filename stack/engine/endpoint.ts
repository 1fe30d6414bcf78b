// Where a container engine may listen: at DOCKER_HOST, at the current context's address, or at one of the usual sockets.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readPlainFile } from '../../config/text-file.ts'

export interface Endpoint {
  /** As in DOCKER_HOST. */
  host: string
  /** What named it, for an error message: DOCKER_HOST, a docker context, a usual socket. */
  source: string
  /** Path of the socket, or host and port. */
  address: { socketPath: string } | { host: string; port: number }
  /** Folder of ca.pem, cert.pem and key.pem where the engine uses TLS. */
  certificates: string | undefined
}

type Environment = NodeJS.ProcessEnv

export const DEFAULT_SOCKET = '/var/run/docker.sock'

/** Of DOCKER_HOST or the current context; undefined when neither is set. Throws CliError (2) when malformed. */
export function configuredEndpoint(environment: Environment): Endpoint | undefined {
  const host = environment.DOCKER_HOST ?? ''
  if (host !== '') return endpointOf(host, 'DOCKER_HOST', certificatesOf(environment))
  return contextEndpoint(environment)
}

/** Of Docker, rootless Docker, Docker Desktop and Podman; a test holds the list of scripts/engine/find.sh equal. */
export const USUAL_SOCKETS = [
  DEFAULT_SOCKET,
  '$run/docker.sock',
  '$HOME/.docker/run/docker.sock',
  '$HOME/.docker/desktop/docker.sock',
  '$run/podman/podman.sock',
  '/run/podman/podman.sock',
]

/** Those of the usual sockets that exist. */
export function usualSockets(environment: Environment): Endpoint[] {
  const home = environment.HOME ?? homedir()
  const run = environment.XDG_RUNTIME_DIR ?? `/run/user/${userInfo().uid}`
  const paths = USUAL_SOCKETS.map((path) => path.replace('$HOME', home).replace('$run', run))
  const existing = paths.filter((path) => existsSync(path))
  return existing.map((path) => endpointOf(`unix://${path}`, 'a usual socket', undefined))
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

/** Docker stores a context in a folder named by the hash of the context's name, with its certificates beside it. */
function contextEndpoint(environment: Environment): Endpoint | undefined {
  const folder = dockerFolder(environment)
  const name = environment.DOCKER_CONTEXT || readString(join(folder, 'config.json'), 'currentContext')
  if (name === '' || name === 'default') return undefined
  const source = `the docker context ${name}`
  const id = createHash('sha256').update(name).digest('hex')
  const host = readString(join(folder, 'contexts/meta', id, 'meta.json'), 'Endpoints', 'docker', 'Host')
  if (host === '') throw malformed('no address', source)
  const certificates = join(folder, 'contexts/tls', id, 'docker')
  return endpointOf(host, source, existsSync(certificates) ? certificates : undefined)
}

/** A string inside a JSON file of Docker's; empty where the file or the string is missing. */
function readString(file: string, ...path: string[]): string {
  if (!existsSync(file)) return ''
  try {
    const value = path.reduce<unknown>(
      (inner, key) => Object(inner)[key],
      JSON.parse(readPlainFile(file, '')?.toString() ?? ''),
    )
    return typeof value === 'string' ? value : ''
  } catch {
    throw new CliError({
      what: `Docker's own file ${file} is no JSON.`,
      where: 'looking for the container engine',
      next: 'correct or remove that file, then scripts/engine.sh --check.',
      exitCode: EXIT.usage,
    })
  }
}

function malformed(host: string, source: string): CliError {
  return new CliError({
    what: `${source} is "${host}", which is no address of a container engine.`,
    where: 'as unix:///path/to.sock or tcp://host:port',
    next:
      source === 'DOCKER_HOST'
        ? 'correct or unset DOCKER_HOST, then scripts/engine.sh --check.'
        : 'docker context use default, then scripts/engine.sh --check.',
    exitCode: EXIT.usage,
  })
}

function sshUnsupported(host: string, source: string): CliError {
  return new CliError({
    what: `${source} is "${host}", and Testcontainers cannot use an engine over SSH.`,
    where: 'looking for the container engine',
    next: `forward its socket (ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock …), set DOCKER_HOST=unix:///tmp/engine.sock, then scripts/engine.sh --check.`,
    exitCode: EXIT.usage,
  })
}
