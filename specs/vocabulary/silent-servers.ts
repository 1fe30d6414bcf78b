// Servers that accept a connection and never answer, and how long each script needs to give up.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, type Project } from '../../harness/index.ts'
import { prepare } from './compose.ts'

interface SilentServer extends AsyncDisposable {
  port: number
  /** How a client connects that gets as far as it can. */
  sslmode: 'verify-full' | 'disable'
}

/** Postgres's protocol: the login is accepted, and the server is ready for a query. */
const LOGGED_IN = Buffer.from([...[0x52, 0, 0, 0, 8, 0, 0, 0, 0], ...[0x5a, 0, 0, 0, 5, 0x49]])

/** What a server does, and how to start one. */
export const SERVERS: [what: string, serve: () => Promise<SilentServer>][] = [
  ['is gone', () => listen((socket) => socket.destroy())],
  ['swallows what it is sent', () => listen(() => {})],
  ['only offers TLS', () => listen((socket) => socket.once('data', () => socket.write('S')))],
  ['accepts a login and then answers nothing', () => listen(logIn, 'disable')],
]

function logIn(socket: Socket): void {
  socket.once('data', () => socket.write(LOGGED_IN))
}

async function listen(
  onConnection: (socket: Socket) => void,
  sslmode: SilentServer['sslmode'] = 'verify-full',
): Promise<SilentServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    sslmode,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const CALLS = [
  ['migrate.sh', 'status'],
  ['migrate.sh', 'apply'],
  ['seed.sh', 'all'],
  ['audit.sh', 'seal'],
  ...['postgres', 'redis', 'minio', 'ml'].map((service) => ['smoke.sh', '--within', '2', '--only', service]),
]
const PORTS = ['HMA_POSTGRES_PORT', 'HMA_REDIS_PORT', 'HMA_MINIO_PORT', 'HMA_ML_PORT']

export interface End {
  script: string
  exitCode: number
  /** Lines on standard error, or the lines of the smoke test. */
  lines: number
  seconds: number
}

/** Runs every script that has a client, side by side, with that port as its server. One that does not end is killed: 137. */
export async function runAllAgainst(
  project: Project,
  { port, sslmode }: Pick<SilentServer, 'port' | 'sslmode'>,
): Promise<End[]> {
  const own = await prepare(project)
  const url = `postgres://hma_app:secret@127.0.0.1:${port}/hma?sslmode=${sslmode}`
  return Promise.all(
    CALLS.map(async ([script = '', ...words]) => {
      const service = words.at(-1) ?? ''
      const variable = PORTS.find((name) => name.startsWith(`HMA_${service.toUpperCase()}_`))
      const environment = { ...own, ...(variable ? { [variable]: `${port}` } : { HMA_DATABASE_URL: url }) }
      const began = performance.now()
      const { exitCode, stdout, stderr } = await project.run(`scripts/${script}`, words, {
        environment,
        timeoutMs: 30_000,
      })
      const lines = `${stdout}\n${stderr}`.trim().split('\n').length
      return { script, exitCode, lines, seconds: (performance.now() - began) / 1000 }
    }),
  )
}

/** A client of Postgres waits five seconds, the smoke test was told two; a busy machine needs some more to start eight programs. */
export function endsWithin(script: string): End {
  const exitCode = script === 'smoke.sh' ? 1 : 3
  return { script, exitCode, lines: 1, seconds: expect.toSatisfy((seconds: number) => seconds < 20) }
}
