// The commands of the backups, each with a store or a database of its own that accepts what it is sent and answers nothing.
import type { Job } from './backups.ts'

/** What each of them is given: its store is silent, or its database. */
export const SILENT_CALLS: [command: string, server: 'store' | 'database'][] = [
  ['backup', 'store'],
  ['backup --list', 'store'],
  ['backup-prune --dry-run', 'store'],
  ['restore-test', 'store'],
  ['backup', 'database'],
  ['restore --database copy', 'database'],
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
/** The store may be silent for thirty seconds; with some more to start six of them on a busy machine. */
const WITHIN_S = 90
const [ASKED, READY] = ['/tmp/asked', '/tmp/ready']

/** Runs all of them side by side in the container of the job. */
export async function runAgainstSilence(job: Job): Promise<SilentEnd[]> {
  const calls = SILENT_CALLS.map(([command, server], at) => ({ command, server, port: FIRST_PORT + at }))
  await serveSilence(
    job,
    calls.map(({ port }) => port),
  )
  const exitCodes = await Promise.all(
    calls.map(({ command, server, port }) => runWithin(job, command, variablesFor(server, port))),
  )
  const connected = (await job.shell(`cat ${ASKED}`)).stdout.split('\n')
  return calls.map(({ command, server, port }, at) => ({
    ...{ command, server },
    exitCode: exitCodes[at] ?? -1,
    wasAsked: connected.includes(`${port}`),
  }))
}

/**
 * Starts servers at these ports of the container. Each takes one connection and no other: a client that gives up and tries again learns
 * at once that the server is gone, where it would wait three times.
 */
async function serveSilence({ container }: Job, ports: number[]): Promise<void> {
  const script = `
    const { appendFileSync, writeFileSync } = require('node:fs')
    const { createServer } = require('node:net')
    const listening = [${ports}].map((port) => new Promise((resolve) => {
      const server = createServer((socket) => {
        server.close()
        appendFileSync('${ASKED}', port + '\\n')
        socket.on('error', () => {}).resume()
      })
      server.listen(port, '127.0.0.1', resolve)
    }))
    Promise.all(listening).then(() => writeFileSync('${READY}', ''))`
  await container.exec(['sh', '-c', 'nohup node --eval "$1" > /dev/null 2>&1 &', 'sh', script])
  await container.until(['test', '-e', READY])
}

/** A folder of its own, so that no command finds the lock of another. */
function variablesFor(server: 'store' | 'database', port: number): Record<string, string> {
  const HMA_BACKUP_FOLDER = `/backups/${port}`
  if (server === 'store') return { HMA_BACKUP_FOLDER, HMA_STORE_URL: `http://127.0.0.1:${port}` }
  const HMA_DATABASE_URL = `postgres://hma_backup@127.0.0.1:${port}/hma?sslmode=disable`
  // A restore asks for these before it asks the server.
  const logins = ['BACKUP', 'MIGRATOR', 'APP'].map((login) => [`HMA_${login}_PASSWORD`, 'secret'])
  return { HMA_BACKUP_FOLDER, HMA_DATABASE_URL, ...Object.fromEntries(logins) }
}

async function runWithin(
  { container }: Job,
  command: string,
  variables: Record<string, string>,
): Promise<number> {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const limit = ['timeout', '--kill-after=2', `${WITHIN_S}`]
  const program = ['node', 'ops/backup/main.ts', ...command.split(' ')]
  return (await container.exec(['env', ...set, ...limit, ...program])).exitCode
}
