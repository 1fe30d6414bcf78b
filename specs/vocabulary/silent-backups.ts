// The commands of the backups, each with a store or a database of its own that accepts what it is sent and answers nothing.
import type { Database, Project } from '../../harness/index.ts'
import type { Job } from './backups.ts'
import { replaceText } from './runs.ts'
import { LOGGED_IN, NO_ROWS } from './silent-servers.ts'

/** How many answers of a database come before the silence: none, or those to the login and to a first question. A store gives none. */
const ANSWERS = { store: 0, database: 0, session: 2 }
type Server = keyof typeof ANSWERS

/** Each command with the server that is silent. */
export const SILENT_CALLS: [command: string, server: Server][] = [
  ['backup', 'store'],
  ['backup --list', 'store'],
  ['backup-prune --dry-run', 'store'],
  ['restore-test', 'store'],
  ['backup', 'database'],
  ['restore --database copy', 'database'],
  ['restore --database copy', 'store'],
  ['backup', 'session'],
  ['ops/archive/main.ts check', 'database'],
  ['ops/archive/main.ts backup', 'database'],
  ['ops/archive/main.ts check', 'session'],
  ['ops/archive/main.ts backup', 'session'],
]

interface SilentEnd {
  command: string
  server: string
  /** 124 where it did not end in time. */
  exitCode: number
  /** Whether the server got a connection, so that the silence was met. */
  wasAsked: boolean
}

const FIRST_PORT = 9100
/** The store may be silent for thirty seconds; with some more to start a dozen of them on a busy machine. */
const WITHIN_S = 90
const [ASKED, READY] = ['/tmp/asked', '/tmp/ready']

/** The copy's limit of what a backup asks its database before it begins, in seconds. */
export async function shortenCheck(project: Project): Promise<void> {
  await replaceText(project, 'ops/backup/connection.ts', 'CHECK_MS = 60_000', 'CHECK_MS = 5_000')
}

/** Runs all of them side by side in the container of the job, whose database a restore reaches as its superuser. */
export async function runAgainstSilence(job: Job, db: Database): Promise<SilentEnd[]> {
  const calls = SILENT_CALLS.map(([command, server], at) => ({ command, server, port: FIRST_PORT + at }))
  await serveSilence(job, Object.fromEntries(calls.map(({ server, port }) => [port, ANSWERS[server]])))
  const exitCodes = await Promise.all(
    calls.map(({ command, server, port }) =>
      runWithin(job, command, variablesFor(command, server, port, db)),
    ),
  )
  const connected = (await job.shell(`cat ${ASKED}`)).stdout.split('\n')
  return calls.map(({ command, server, port }, at) => ({
    ...{ command, server },
    exitCode: exitCodes[at] ?? -1,
    wasAsked: connected.includes(`${port}`),
  }))
}

/**
 * Starts servers at these ports of the container, each with so many answers to a client of Postgres. Each takes one connection and no
 * other: a client that gives up and tries again learns at once that the server is gone, where it would wait three times.
 */
async function serveSilence({ container }: Job, answersAt: Record<string, number>): Promise<void> {
  const answers = [LOGGED_IN, NO_ROWS].map((answer) => `'${answer.toString('hex')}'`)
  const script = `
    const { appendFileSync, writeFileSync } = require('node:fs')
    const { createServer } = require('node:net')
    const listening = Object.entries(${JSON.stringify(answersAt)}).map(([port, count]) => new Promise((resolve) => {
      const server = createServer((socket) => {
        server.close()
        appendFileSync('${ASKED}', port + '\\n')
        const left = [${answers}].slice(0, count)
        socket.on('error', () => {}).on('data', () => socket.write(Buffer.from(left.shift() ?? '', 'hex')))
      })
      server.listen(port, '127.0.0.1', resolve)
    }))
    Promise.all(listening).then(() => writeFileSync('${READY}', ''))`
  await container.exec(['sh', '-c', 'nohup node --eval "$1" > /dev/null 2>&1 &', 'sh', script])
  await container.until(['test', '-e', READY])
}

/** A folder of its own, so that no command finds the lock of another. */
function variablesFor(command: string, server: Server, port: number, db: Database): Record<string, string> {
  const HMA_BACKUP_FOLDER = `/backups/${port}`
  // A restore asks for these before it asks a server.
  const logins = ['BACKUP', 'MIGRATOR', 'APP'].map((login) => [`HMA_${login}_PASSWORD`, 'secret'])
  const own = { HMA_BACKUP_FOLDER, ...Object.fromEntries(logins) }
  if (server !== 'store')
    return { ...own, HMA_DATABASE_URL: `postgres://hma_backup@127.0.0.1:${port}/hma?sslmode=disable` }
  const HMA_STORE_URL = `http://127.0.0.1:${port}`
  if (!command.startsWith('restore ')) return { HMA_BACKUP_FOLDER, HMA_STORE_URL }
  return { ...own, HMA_STORE_URL, ...asSuperuser(db) }
}

function asSuperuser({ name, url }: Database): Record<string, string> {
  const { username, password } = new URL(url)
  return {
    HMA_DATABASE_URL: `postgres://${username}@postgres:5432/${name}`,
    HMA_DATABASE_PASSWORD: decodeURIComponent(password),
  }
}

async function runWithin(
  { container }: Job,
  command: string,
  variables: Record<string, string>,
): Promise<number> {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const limit = ['timeout', '--kill-after=2', `${WITHIN_S}`]
  const words = command.startsWith('ops/')
    ? command.split(' ')
    : ['ops/backup/main.ts', ...command.split(' ')]
  return (await container.exec(['env', ...set, ...limit, 'node', ...words])).exitCode
}
