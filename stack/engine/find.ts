// Finds the container engine, the way the docker command would: DOCKER_HOST, else the current context, else a socket
// in one of the usual places. Testcontainers knows no contexts, so it is told through DOCKER_HOST.
import { z } from 'zod'
import { CliError } from '../../config/cli-error.ts'
import { configuredEndpoint, DEFAULT_SOCKET, type Endpoint, usualSockets } from './endpoint.ts'
import { get } from './request.ts'

export interface Engine {
  /** As in DOCKER_HOST, e.g. `unix:///var/run/docker.sock`. */
  host: string
  /** What the engine calls itself, e.g. `20.10.24`. */
  version: string
  /** The newest API it speaks, e.g. `1.41`. */
  api: string
  /** As image tags spell it: `amd64`, `arm64` … */
  architecture: string
  /** What it answers to a GET, parsed from JSON; given up after 30 s. */
  get(path: string): Promise<unknown>
}

// Where no engine is there, the socket says so at once. One that is there and busy may take its time: on two cores with a
// load of 15 a ping took more than 1.5 s.
const PING_MS = 5000
const VERSION_MS = 10_000
const GET_MS = 30_000

const versionAnswer = z.object({ Version: z.string(), ApiVersion: z.string(), Arch: z.string() })

/**
 * The engine that answers. Leaves its address in `DOCKER_HOST` of the given environment for whoever asks next.
 * Throws CliError when none does, at once where nobody listens, after `pingMs` where somebody does and is silent: exit code 3, or 2 when a variable or a context is malformed.
 */
export async function findEngine(
  environment: NodeJS.ProcessEnv = process.env,
  pingMs = PING_MS,
): Promise<Engine> {
  const endpoint = await firstReachable(environment, pingMs)
  setDockerHost(endpoint, environment)
  const answer = await get(endpoint, '/version', VERSION_MS).catch((error: Error) => error.message)
  const version = versionAnswer.safeParse(parse(answer))
  if (!version.success) throw noEngine(endpoint, `does not say its version, but: ${answer.slice(0, 80)}`)
  return {
    host: endpoint.host,
    version: version.data.Version,
    api: version.data.ApiVersion,
    architecture: version.data.Arch,
    get: async (path) => JSON.parse(await get(endpoint, path, GET_MS)),
  }
}

/** What was chosen must answer. Of the usual sockets the first that does is taken. */
async function firstReachable(environment: NodeJS.ProcessEnv, pingMs: number): Promise<Endpoint> {
  const chosen = configuredEndpoint(environment)
  const endpoints = chosen === undefined ? usualSockets(environment) : [chosen]
  const failures = await Promise.all(endpoints.map((endpoint) => pingFailure(endpoint, pingMs)))
  const found = endpoints.find((_, at) => failures[at] === undefined)
  if (found !== undefined) return found
  const [first] = endpoints
  throw first === undefined ? noSocket() : noEngine(first, failures[0] ?? '')
}

async function pingFailure(endpoint: Endpoint, pingMs: number): Promise<string | undefined> {
  try {
    await get(endpoint, '/_ping', pingMs)
    return undefined
  } catch (error) {
    return explain(error as NodeJS.ErrnoException)
  }
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES') return 'does not let this user in (is the user in the group docker?)'
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'has nobody listening'
  return `cannot be used: ${message}`
}

/** Testcontainers finds the default socket by itself, and anything else only through these variables. */
function setDockerHost({ host, certificates }: Endpoint, environment: NodeJS.ProcessEnv): void {
  if (host !== `unix://${DEFAULT_SOCKET}`) environment.DOCKER_HOST = host
  if (certificates === undefined) return
  environment.DOCKER_TLS_VERIFY = '1'
  environment.DOCKER_CERT_PATH = certificates
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function noEngine({ host, source }: Endpoint, why: string): CliError {
  return new CliError({
    what: `There is no container engine: ${host} ${why}.`,
    where: `from ${source}`,
    next: 'scripts/engine.sh',
    exitCode: 3,
  })
}

function noSocket(): CliError {
  return new CliError({
    what: 'There is no container engine on this machine.',
    where: 'DOCKER_HOST is not set, no docker context is in use, and none of the usual sockets exists',
    next: 'scripts/engine.sh',
    exitCode: 3,
  })
}
