// Finds the container engine as the docker command does: DOCKER_HOST, else the current context, else a usual socket. The
// one discovery of harness, images, set-up and doctor; scripts/engine.sh, which comes before Node, asks the docker command.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { configuredEndpoint, DEFAULT_SOCKET, type Endpoint, usualSockets } from './endpoint.ts'
import { get, type Reply } from './request.ts'

export interface Engine {
  /** As in DOCKER_HOST, e.g. `unix:///var/run/docker.sock`. */
  host: string
  /** E.g. `20.10.24`. */
  version: string
  /** The newest API version that it supports, e.g. `1.41`. */
  api: string
  /** As image tags spell it: `amd64`, `arm64` … */
  architecture: string
  /** JSON body of a GET. Rejects without a reply of status 200 within 30 s. */
  getJson(path: string): Promise<unknown>
  /** Any reply to a GET. */
  get(path: string, withinMs: number): Promise<Reply>
}

// Without an engine the socket refuses at once. A busy one may be slow: on two cores at a load of 15 a ping took over 1.5 s.
const PING_MS = 5000
const VERSION_MS = 10_000
const GET_MS = 30_000

/**
 * The first engine that replies. Sets DOCKER_HOST of the given environment where docker or Testcontainers would not find it.
 * Throws CliError: 3 when no engine replies (at once where nothing listens, else after `pingMs`), 2 when a variable or a
 * docker context is malformed.
 */
export async function findEngine(
  environment: NodeJS.ProcessEnv = process.env,
  pingMs = PING_MS,
): Promise<Engine> {
  const endpoint = await firstReachable(environment, pingMs)
  setDockerHost(endpoint, environment)
  const getJson = async (path: string, withinMs = GET_MS) => jsonOf(await get(endpoint, path, withinMs), path)
  const answer = await getJson('/version', VERSION_MS).catch((error: Error) => error)
  const { Version, ApiVersion, Arch } = Object(answer) as Record<string, string>
  if (!Version || !ApiVersion || !Arch)
    throw noEngine(endpoint, `is no container engine: its version is ${String(answer).slice(0, 80)}`)
  return {
    host: endpoint.host,
    version: Version,
    api: ApiVersion,
    architecture: Arch,
    getJson: (path) => getJson(path),
    get: (path, withinMs) => get(endpoint, path, withinMs),
  }
}

function jsonOf({ status, body }: Reply, path: string): unknown {
  if (status !== 200) throw new Error(`status ${status} for ${path}`)
  return JSON.parse(body)
}

/** A configured endpoint must reply. Of the usual sockets the first that replies is taken. */
async function firstReachable(environment: NodeJS.ProcessEnv, pingMs: number): Promise<Endpoint> {
  const configured = configuredEndpoint(environment)
  const endpoints = configured === undefined ? usualSockets(environment) : [configured]
  const failures = await Promise.all(endpoints.map((endpoint) => pingFailure(endpoint, pingMs)))
  const found = endpoints.find((_, index) => failures[index] === undefined)
  if (found !== undefined) return found
  const [first] = endpoints
  throw first === undefined ? noSocket() : noEngine(first, failures[0] ?? '')
}

async function pingFailure(endpoint: Endpoint, pingMs: number): Promise<string | undefined> {
  try {
    const { status } = await get(endpoint, '/_ping', pingMs)
    return status === 200 ? undefined : `is no container engine: status ${status} for /_ping`
  } catch (error) {
    if (error instanceof CliError) throw error
    return explain(error as NodeJS.ErrnoException)
  }
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES') return 'does not admit this user (is the user in the group docker?)'
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'has no listener'
  return `cannot be used: ${message}`
}

/** Docker and Testcontainers find the default socket by themselves, and Testcontainers knows no contexts. */
function setDockerHost({ host, certificates }: Endpoint, environment: NodeJS.ProcessEnv): void {
  if (host !== `unix://${DEFAULT_SOCKET}`) environment.DOCKER_HOST = host
  if (certificates === undefined) return
  environment.DOCKER_TLS_VERIFY = '1'
  environment.DOCKER_CERT_PATH = certificates
}

function noEngine({ host, source }: Endpoint, why: string): CliError {
  return new CliError({
    what: `There is no container engine: ${host} ${why}.`,
    where: `from ${source}`,
    next: 'scripts/engine.sh',
    exitCode: EXIT.unreachable,
  })
}

function noSocket(): CliError {
  return new CliError({
    what: 'There is no container engine on this machine.',
    where: 'DOCKER_HOST is not set, no docker context is in use, and none of the usual sockets exists',
    next: 'scripts/engine.sh',
    exitCode: EXIT.unreachable,
  })
}
