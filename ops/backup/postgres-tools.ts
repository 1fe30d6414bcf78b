// Runs Postgres's own programs: pg_dump, pg_restore. The password is a variable of the child and never on its command line.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { CliError, EXIT } from '../../config/cli-error.ts'

const CONNECT_TIMEOUT_S = 5
/** A server that acknowledges nothing for so long is considered lost. */
const SILENCE_MS = 60_000

export interface Tool {
  stdout: Readable
  /** Rejects with CliError (exit 1) that has the program's first error, unless it ended with 0. */
  ended: Promise<void>
  kill(): void
}

export function startTool(
  program: string,
  args: string[],
  options: { url?: URL; signal?: AbortSignal } = {},
): Tool {
  const { url, signal } = options
  const connection = url === undefined ? [] : ['--no-password', '--dbname', connectionOf(url)]
  const child = spawn(program, [...args, ...connection], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(url === undefined ? {} : { PGPASSWORD: decodeURIComponent(url.password) }) },
    ...(signal === undefined ? {} : { signal }),
  })
  const ended = endOf(program, child)
  // The caller awaits it after the output; until then a failure is not unhandled.
  ended.catch(() => {})
  return { stdout: child.stdout, ended, kill: () => void child.kill('SIGKILL') }
}

/** Without the password. */
function connectionOf(url: URL): string {
  const plain = new URL(url)
  plain.password = ''
  plain.searchParams.set('connect_timeout', `${CONNECT_TIMEOUT_S}`)
  plain.searchParams.set('tcp_user_timeout', `${SILENCE_MS}`)
  return plain.href
}

async function endOf(program: string, child: ReturnType<typeof spawn>): Promise<void> {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, 4096)
  })
  const [code, signal] = (await once(child, 'close').catch((cause) => {
    throw notRun(program, cause)
  })) as [number | null, string | null]
  if (code === 0) return
  const [first] = stderr.split('\n').filter((line) => /error|fatal/i.test(line))
  throw new CliError({
    what: `${program} ended with ${code ?? signal}: ${first ?? (stderr.trim() || 'no message')}`,
    next: 'read that message; no backup or database was changed.',
    exitCode: EXIT.failed,
  })
}

function notRun(program: string, cause: Error): CliError {
  if (cause.name === 'AbortError')
    return new CliError({
      what: `${program} took too long.`,
      next: 'run again with a greater --within, when the server has less load.',
      exitCode: EXIT.outOfTime,
      cause,
    })
  return new CliError({
    what: `${program} cannot be run (${cause.message}).`,
    next: 'use the image hma-backup, which has it: scripts/backup.sh does.',
    exitCode: EXIT.unreachable,
    cause,
  })
}

/** What a program prints; for short answers. */
export async function outputOf(program: string, args: string[]): Promise<string> {
  const tool = startTool(program, args)
  const chunks: Buffer[] = []
  for await (const chunk of tool.stdout) chunks.push(chunk as Buffer)
  await tool.ended
  return Buffer.concat(chunks).toString().trim()
}
