// The commands of the backups on this machine, where their lock is the first thing that they ask for.
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, type Outcome, type Project } from '../../harness/index.ts'

/** Each command with the name of its lock. */
export const LOCKED_COMMANDS: [command: string, lock: string][] = [
  ['backup', 'backup'],
  ['backup-prune --dry-run', 'backup'],
  ['restore-test', 'restore-test'],
  ['restore --database copy', 'restore'],
]

/** None of them is reached: what they name comes after the lock. */
const VARIABLES = {
  HMA_DATABASE_URL: 'postgres://hma_backup@127.0.0.1:1/hma',
  HMA_STORE_URL: 'http://127.0.0.1:1',
  HMA_BACKUP_BUCKET: 'hma-backups',
  HMA_STORE_KEY_ID: 'key',
  HMA_STORE_KEY_SECRET: 'secret',
  HMA_MIGRATOR_PASSWORD: 'secret',
  HMA_APP_PASSWORD: 'secret',
  HMA_BACKUP_PASSWORD: 'secret',
}

/** Runs each of them with that folder of backups. */
export async function runLockedCommands(
  project: Project,
  folder: string,
  variables: Record<string, string> = {},
): Promise<Outcome[]> {
  const env = { ...VARIABLES, HMA_BACKUP_FOLDER: folder, ...variables }
  const options = { cwd: project.root, env, reject: false, timeout: 30_000 } as const
  const run = async ([command]: (typeof LOCKED_COMMANDS)[number]) => {
    const words = ['ops/backup/main.ts', ...command.split(' ')]
    const { exitCode = 137, stdout, stderr } = await execa(process.execPath, words, options)
    return { exitCode, stdout, stderr }
  }
  return Promise.all(LOCKED_COMMANDS.map(run))
}

/** Nothing but one line after the one that says what is being done. */
export function endedAtLock(exitCode: number, named: string): Outcome {
  const line = new RegExp(
    `^(?:[^\\n]+ at 127\\.0\\.0\\.1:1, as \\w+\\n)?[^\\n]*${named}[^\\n]* Next: [^\\n]+$`,
  )
  return { exitCode, stdout: '', stderr: expect.stringMatching(line) }
}

/** A folder whose locks are all held by other processes, until it is disposed. */
export async function holdLocks({ root }: Project): Promise<AsyncDisposable & { folder: string }> {
  const folder = join(root, '.backups')
  await mkdir(folder)
  const names = [...new Set(LOCKED_COMMANDS.map(([, lock]) => lock))]
  const holders = names.map((name) =>
    execa('flock', [join(folder, `${name}.lock`), 'sh', '-c', 'echo held && cat'], { reject: false }),
  )
  await Promise.all(holders.map(({ stdout }) => once(stdout, 'data')))
  return {
    folder,
    async [Symbol.asyncDispose]() {
      for (const { stdin } of holders) stdin.end()
      await Promise.all(holders)
    },
  }
}
