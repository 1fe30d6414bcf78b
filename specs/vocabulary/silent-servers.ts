// Servers that accept a connection and never answer, and how long each script needs to give up.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, type Project } from '../../harness/index.ts'
import { prepare } from './compose.ts'
import { replaceText } from './runs.ts'

interface SilentServer extends AsyncDisposable {
  port: number
  /** How a client connects that gets as far as it can. */
  sslmode: 'verify-full' | 'disable'
  /** Seconds within which a script gives up, with some more to start it on a busy machine. */
  withinS: number
  /** It stands in the place of the container engine, and no variable names a server. */
  isEngine: boolean
}

/** Postgres's protocol: the login is accepted, and the server is ready for a query. */
const READY = [0x5a, 0, 0, 0, 5, 0x49]
export const LOGGED_IN = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, ...READY])
export const NO_ROWS = Buffer.from([0x43, 0, 0, 0, 13, ...Buffer.from('SELECT 0\0'), ...READY])

/** What a server does, and how to start one. A client of Postgres waits five seconds, others are told less. */
export const SERVERS: [what: string, serve: () => Promise<SilentServer>][] = [
  ['is gone', () => listen((socket) => socket.destroy())],
  ['swallows what it is sent', () => listen(() => {})],
  ['only offers TLS', () => listen((socket) => socket.once('data', () => socket.write('S')))],
  ['accepts a login and then answers nothing', () => listen(answering(LOGGED_IN), { sslmode: 'disable' })],
]

/** It answers what a client asks before its work begins, and then nothing. A statement may take a minute. */
export function serveTheStartAlone(): Promise<SilentServer> {
  return listen(answering(LOGGED_IN, NO_ROWS, NO_ROWS), { sslmode: 'disable', withinS: 90 })
}

/** An engine that swallows what it is sent. The docker command itself would wait for it without an end. */
export function serveSilentEngine(): Promise<SilentServer> {
  return listen(() => {}, { isEngine: true, withinS: 45 })
}

function answering(...answers: Buffer[]): (socket: Socket) => void {
  return (socket) => {
    const left = [...answers]
    socket.on('data', () => socket.write(left.shift() ?? ''))
  }
}

type Options = Partial<Pick<SilentServer, 'sslmode' | 'withinS' | 'isEngine'>>

async function listen(
  onConnection: (socket: Socket) => void,
  { sslmode = 'verify-full', withinS = 20, isEngine = false }: Options = {},
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
    withinS,
    isEngine,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Every command of a script that has a client. */
export const CALLS = [
  ...['db-stats.sh', 'slow-queries.sh', 'cache-stats.sh'].map((script) => `${script} --timeout 4`),
  ...['postgres', 'redis', 'minio', 'ml'].map((service) => `smoke.sh --within 2 --only ${service}`),
  ...['migrate.sh status', 'migrate.sh apply', 'migrate.sh down', 'migrate.sh verify', 'seed.sh all'],
  ...['audit.sh prepare', 'audit.sh seal', 'audit.sh head', 'audit.sh verify', 'audit.sh remove-expired'],
]
/** Those whose statements have a limit of about a minute, and those that may take hours where nobody has shortened their limits. */
export const WITHIN_A_MINUTE = [
  ...['migrate.sh status', 'migrate.sh apply', 'migrate.sh down', 'migrate.sh verify', 'seed.sh all'],
  ...['audit.sh prepare', 'audit.sh head', 'audit.sh seal', 'audit.sh verify', 'audit.sh remove-expired'],
]
/** Those that look for the stack of this folder; all of them run side by side. */
export const LOOK_FOR_THE_STACK = [
  ...[
    'migrate.sh status',
    'seed.sh all',
    'audit.sh head',
    'db-stats.sh',
    'slow-queries.sh',
    'cache-stats.sh',
  ],
  'env.sh where --variant test',
  'restore.sh --to-time 2026-01-01T00:00:00Z',
]
const PORTS = ['HMA_POSTGRES_PORT', 'HMA_REDIS_PORT', 'HMA_MINIO_PORT', 'HMA_ML_PORT']
const SIDE_BY_SIDE = 7

/** The commands of a database that the scripts with commands print in their manuals. */
export async function commandsInManuals(project: Project): Promise<string[]> {
  const manuals = await Promise.all(
    ['migrate.sh', 'audit.sh'].map((script) => project.run(`scripts/${script}`, ['--help'])),
  )
  const found = manuals.flatMap(({ stdout }) => [
    ...stdout.matchAll(/scripts\/((?:migrate|audit)\.sh [a-z-]+)/g),
  ])
  // It writes two files, and asks no server.
  return found.map(([, command = '']) => command).filter((command) => command !== 'migrate.sh new')
}

export interface End {
  line: string
  exitCode: number
  /** Lines on standard error, or the lines of the smoke test. */
  lines: number
  seconds: number
}

/** The copy's limits of what may take hours, in seconds: to seal, to verify and to remove. */
export async function shortenLimits(project: Project): Promise<void> {
  for (const limit of ['seal: 15', 'verify: 120', "'remove-expired': 120"])
    await replaceText(
      project,
      'ops/audit/job.ts',
      `${limit} * MINUTE_MS`,
      `${limit.replace(/\d+$/, '0.1')} * MINUTE_MS`,
    )
}

/** Runs these, some of them side by side, with that server. One that does not end is killed: 137. */
export async function runAllAgainst(project: Project, server: SilentServer, calls = CALLS): Promise<End[]> {
  const own = await prepare(project)
  const ends: End[] = []
  for (let at = 0; at < calls.length; at += SIDE_BY_SIDE) {
    const these = calls.slice(at, at + SIDE_BY_SIDE)
    ends.push(...(await Promise.all(these.map((line) => runAgainst(project, server, line, own)))))
  }
  return ends
}

async function runAgainst(
  project: Project,
  server: SilentServer,
  line: string,
  own: Record<string, string>,
): Promise<End> {
  const [script = '', ...words] = line.split(' ')
  const environment = { ...own, ...variablesFor(line, server) }
  const began = performance.now()
  const { exitCode, stdout, stderr } = await project.run(`scripts/${script}`, words, {
    environment,
    timeoutMs: (server.withinS + 10) * 1000,
  })
  const lines = `${stdout}\n${stderr}`.trim().split('\n').length
  return { line, exitCode, lines, seconds: (performance.now() - began) / 1000 }
}

function variablesFor(line: string, { port, sslmode, isEngine }: SilentServer): Record<string, string> {
  if (isEngine) return { DOCKER_HOST: `tcp://127.0.0.1:${port}` }
  const service = line.split(' ').at(-1) ?? ''
  const variable = PORTS.find((name) => name.startsWith(`HMA_${service.toUpperCase()}_`))
  if (variable !== undefined) return { [variable]: `${port}` }
  if (line.startsWith('cache-stats.sh')) return { HMA_REDIS_URL: `redis://127.0.0.1:${port}` }
  const HMA_DATABASE_URL = `postgres://hma_app:secret@127.0.0.1:${port}/hma?sslmode=${sslmode}`
  // Verify makes a scratch database, which only the superuser may do.
  return { HMA_DATABASE_URL, ...(line === 'migrate.sh verify' ? { HMA_SUPERUSER_PASSWORD: 'secret' } : {}) }
}

export function endsWithin(line: string, { withinS }: SilentServer, what: string): End {
  const exitCode = exitCodeOf(line, what)
  return { line, exitCode, lines: 1, seconds: expect.toSatisfy((seconds: number) => seconds < withinS) }
}

/** The scripts that print figures tell a server that is gone from one that does not answer. */
function exitCodeOf(line: string, what: string): number {
  if (line.startsWith('smoke.sh')) return 1
  const tells = /^(?:db-stats|slow-queries|cache-stats)\.sh /.test(line)
  return tells && what !== 'is gone' ? 124 : 3
}
