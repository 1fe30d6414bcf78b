// One job at a time on a folder. The lock is the kernel's, on an open file: nobody can forget it, and it ends with its holder,
// however that ends. Node has no flock, so a child holds it: util-linux's flock around cat, which ends with our end of its pipe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'

/** flock has other exit codes of its own for a file that cannot be opened, and for a program that cannot be run. */
const HELD = 5

/** Runs `work` under the lock of that name. Throws CliError at once: exit 5 when another process holds it, 3 when it cannot be taken. */
export async function withLock<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const file = join(folder, `${name}.lock`)
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw cannotLock(file, `${folder} cannot be made a folder: ${cause.code}`, cause)
  })
  const child = spawn('flock', ['--nonblock', '--conflict-exit-code', `${HELD}`, file, 'cat'])
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  // A program that cannot be started has no exit code.
  const ended = once(child, 'close').catch((cause: unknown) => [undefined, cause])
  // Where the lock is taken, nobody reads it.
  child.stdin.on('error', () => {}).write('locked')
  const [isTaken, exitCode, cause] = await Promise.race([
    once(child.stdout, 'data').then(() => [true]),
    ended.then((end) => [false, ...end]),
  ])
  if (exitCode === HELD) throw isLocked(name, file)
  if (!isTaken) throw cannotLock(file, complaint.trim() || whyNotStarted(cause), cause)
  try {
    return await work()
  } finally {
    child.stdin.end()
    await ended
  }
}

function whyNotStarted(cause: unknown): string {
  const isMissing = (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
  return isMissing ? 'the program flock of util-linux is missing' : 'flock ended without a word'
}

function isLocked(name: string, file: string): CliError {
  return new CliError({
    what: `Another ${name} is running.`,
    where: file,
    next: 'wait until it has ended.',
    exitCode: EXIT.locked,
  })
}

function cannotLock(file: string, why: string, cause?: unknown): CliError {
  return new CliError({
    what: `${file} cannot be locked: ${why}.`,
    next: 'let HMA_BACKUP_FOLDER be a folder that this user can write to, on a machine that has flock.',
    exitCode: EXIT.unreachable,
    cause,
  })
}
