// A container of the service postgres that runs no server: it has the volume, the programs, the archive's keys and the network.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
import { type CommandResult, runCommand, runOrThrow } from '../run-command.ts'
import { composeOf } from './compose.ts'

export interface OneShot extends AsyncDisposable {
  /** Throws CliError (exit 1) with the last line of standard error when the program fails. */
  run(words: string[], withinMs?: number): Promise<string>
  /** The same, whatever its exit code is. */
  attempt(words: string[], withinMs?: number): Promise<CommandResult>
}

const MINUTE_MS = 60_000
/** Copying and replaying a large database. */
export const DAY_MS = 24 * 60 * MINUTE_MS

/** Its name is the lock: throws CliError (exit 5) while another one exists. */
export async function openOneShot(settings: StackSettings): Promise<OneShot> {
  const name = `${settings.project}-restore`
  const run = ['run', '--detach', '--rm', '--no-deps', '--name', name, '--entrypoint', 'sleep']
  const started = await runCommand([...composeOf(settings), ...run, 'postgres', 'infinity'], {
    withinMs: MINUTE_MS,
  })
  if (started.exitCode !== 0) throw notStarted(name, started.stderr)
  const attempt = (words: string[], withinMs = MINUTE_MS) =>
    runCommand(['docker', 'exec', name, ...words], { withinMs })
  return {
    attempt,
    async run(words, withinMs) {
      const { exitCode, stdout, stderr } = await attempt(words, withinMs)
      if (exitCode === 0) return stdout
      throw stepFailed(words, stderr, exitCode)
    },
    async [Symbol.asyncDispose]() {
      await runOrThrow(['docker', 'rm', '--force', name], { withinMs: MINUTE_MS }).catch(() => {})
    },
  }
}

function notStarted(name: string, stderr: string): CliError {
  const isTaken = /already in use/i.test(stderr)
  return new CliError({
    what: isTaken
      ? `Another restore is running: ${name}.`
      : `No container of postgres can be started: ${lastLineOf(stderr)}`,
    next: isTaken ? `wait for it; where it was killed: docker rm --force ${name}` : 'scripts/doctor',
    exitCode: isTaken ? EXIT.locked : EXIT.unreachable,
  })
}

function stepFailed(words: string[], stderr: string, exitCode: number): CliError {
  const said = /ERROR: \[\d+\]: .+/.exec(stderr)?.[0] ?? lastLineOf(stderr)
  return new CliError({
    what: `${words.slice(0, 3).join(' ')} ended with ${exitCode}: ${said || 'no message'}`,
    next: 'scripts/compose.sh --profile archive ps; the database is as it was.',
  })
}

function lastLineOf(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
