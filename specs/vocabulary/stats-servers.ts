// Servers that give no figures, and for how long a client waits for them.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { addressOf } from './clients.ts'
import { LOGGED_IN } from './silent-servers.ts'
import { boot, freeze, thaw } from './stack.ts'
import { type Place, runWithoutLimit, type Script } from './stats.ts'

interface Server extends AsyncDisposable {
  url: string
  /** For how long the client has waited that waited longest, from its connection to its end. */
  waitedMs(): number
}

/** What a client gets that has connected. */
const SERVE = {
  /** Connections are refused. */
  gone: () => {},
  /** The engine's kernel accepts for it, and nobody answers. */
  paused: (socket: Socket) => void socket.resume(),
  'silent after the login': acceptLogin,
  'silent in mid-answer': answerHalf,
}

export async function brokenServer(kind: keyof typeof SERVE): Promise<Server> {
  const waits: { began: number; ended?: number }[] = []
  const server = createServer((socket) => {
    const wait: (typeof waits)[number] = { began: performance.now() }
    waits.push(wait)
    socket.on('error', () => {}).on('close', () => (wait.ended = performance.now()))
    SERVE[kind](socket)
  }).listen(0, '127.0.0.1')
  const lengthOf = ({ began, ended = performance.now() }: (typeof waits)[number]) => ended - began
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `postgres://127.0.0.1:${port}/hma`
  const close = async () => void server.close()
  if (kind === 'gone') await close()
  return { url, waitedMs: () => Math.max(0, ...waits.map(lengthOf)), [Symbol.asyncDispose]: close }
}

/** The end of a script that was given no limit of time, where a server is paused, and for how long it has waited for that. */
export async function waitWithoutLimit(
  project: Project,
  script: Script,
): Promise<Outcome & { waitedMs: number }> {
  await using server = await brokenServer('paused')
  const outcome = await runWithoutLimit(project, script, server)
  return { ...outcome, waitedMs: server.waitedMs() }
}

/** Postgres's protocol: a statement has ended without a row, and the server is ready; two bytes of a message of a hundred. */
const ENDED = Buffer.from('C\0\0\0\rSELECT 0\0Z\0\0\0\x05I')
const HALF_A_HEAD = Buffer.from('T\0\0\0\x64\0\x01')
const HALF_OF_INFO = '$1000\r\n# Server\r\n'

/** A client of Postgres is logged in, and whatever it asks has no answer. */
function acceptLogin(socket: Socket): void {
  const answers = [LOGGED_IN]
  socket.on('data', () => socket.write(answers.shift() ?? ''))
}

/** Answers whatever a client of Postgres or Redis sends until it is ready (the login is no superuser), and the half of its first question. */
function answerHalf(socket: Socket): void {
  const answers = [LOGGED_IN, ENDED, ENDED, HALF_A_HEAD]
  socket.on('data', (chunk) => {
    const isRedis = chunk.toString().startsWith('*')
    socket.write(isRedis ? halfOfRedis(chunk.toString()) : (answers.shift() ?? ''))
  })
}

/** A client of Redis sends several commands at once: each is confirmed, but INFO. */
function halfOfRedis(commands: string): string {
  const each = commands.split(/^(?=\*\d+\r\n)/m)
  return each.map((command) => (command.includes('\r\nINFO\r\n') ? HALF_OF_INFO : '+OK\r\n')).join('')
}

const SERVER_OF = { 'db-stats': 'postgres', 'slow-queries': 'postgres', 'cache-stats': 'redis' } as const
const PORTS = { postgres: 5432, redis: 6379 }
/** Sorted by name. */
const SERVERS = ['postgres', 'redis'] as const

/** Postgres and Redis of the stack, whose processes are frozen: their kernels keep the connections. Disposing it thaws them. */
export async function frozenServers(
  project: Project,
): Promise<AsyncDisposable & { placeOf(script: Script): Place }> {
  expect(await boot(project, [], [...SERVERS])).toMatchObject({ exitCode: 0 })
  const urls = await Promise.all(SERVERS.map((service) => addressOf(project, service, PORTS[service])))
  await Promise.all(SERVERS.map((service) => freeze(project, service)))
  return {
    placeOf: (script) => ({ url: `postgres://${urls[SERVERS.indexOf(SERVER_OF[script])]?.host}/hma` }),
    async [Symbol.asyncDispose]() {
      await Promise.all(SERVERS.map((service) => thaw(project, service)))
    },
  }
}
