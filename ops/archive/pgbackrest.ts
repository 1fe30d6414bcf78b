// Runs pgBackRest, which has its configuration and keys from docker/archive/.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { CliError, EXIT } from '../../config/cli-error.ts'

/** Standard output. Throws CliError: 3 where a server is not reached, 4 where the archive is that of another cluster, 5 where another backup runs, else 1. */
export async function pgBackRest(words: string[], url: URL): Promise<string> {
  const child = spawn('sh', ['/pgbackrest.sh', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // pgBackRest itself names no server, so libpq takes these.
    env: {
      ...process.env,
      PGHOST: url.hostname,
      PGPORT: url.port || '5432',
      PGPASSWORD: decodeURIComponent(url.password),
    },
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  if (code === 0) return stdout
  throw errorOf(words[0] ?? '', stderr, code)
}

/** Numbers of pgBackRest's errors. */
const HOST_CONNECT = 49
const LOCKED = 50
const DATABASE_CONNECT = 56
const OTHER_CLUSTER = [28, 44, 51]

function errorOf(command: string, stderr: string, code: number | null): CliError {
  const { number, message } = readError(stderr)
  const what = `pgbackrest ${command}: ${message || `ended with ${code}`}.`
  if (number === LOCKED)
    return new CliError({ what, next: 'wait for the other backup.', exitCode: EXIT.locked })
  if (number !== undefined && OTHER_CLUSTER.includes(number))
    return new CliError({
      what: `The archive is that of another cluster (${what})`,
      next: 'restore that one (scripts/restore.sh --to-time latest), or begin anew as docs/archive.md says.',
      exitCode: EXIT.refused,
    })
  const isUnreachable = number === HOST_CONNECT || number === DATABASE_CONNECT
  return new CliError({
    what,
    next: 'scripts/compose.sh --profile archive ps; then the logs of archive-store, minio and postgres.',
    exitCode: isUnreachable ? EXIT.unreachable : EXIT.failed,
  })
}

/** From lines such as `ERROR: [049]: unable to connect to …`, with more lines behind it. */
export function readError(stderr: string): { number: number | undefined; message: string } {
  const [, number, message = ''] = /ERROR: \[(\d+)\]: (.+)/.exec(stderr) ?? []
  return {
    number: number === undefined ? undefined : Number(number),
    message: message || stderr.trim().slice(0, 300),
  }
}
