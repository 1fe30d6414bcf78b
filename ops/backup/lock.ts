// One job at a time on a folder. The lock is the kernel's, on an open file: nobody can forget it, and it ends with its holder,
// however that ends. Node has no flock, so a child holds it: util-linux's flock around cat, which ends with our end of its pipe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'

/** Runs `work` under the lock of that name. Throws CliError (exit 5) at once when another process holds it. */
export async function withLock<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${name}.lock`)
  const child = spawn('flock', ['--nonblock', '--conflict-exit-code', '5', file, 'cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const closed = once(child, 'close')
  // Where the lock is taken, nobody reads it.
  child.stdin.on('error', () => {}).write('locked')
  const [answer] = await Promise.race([once(child.stdout, 'data'), closed.then(() => [undefined])])
  if (answer === undefined) throw isLocked(name, file)
  try {
    return await work()
  } finally {
    child.stdin.end()
    await closed
  }
}

function isLocked(name: string, file: string): CliError {
  return new CliError({
    what: `Another ${name} is running.`,
    where: file,
    next: 'wait until it has ended.',
    exitCode: EXIT.locked,
  })
}
