// Runs the docker command: with a limit of time, and every line it prints in a log.
import { appendFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { CliError, EXIT } from '../../config/cli-error.ts'

export interface DockerRun {
  /** File that every line is appended to. */
  log: string
  /** Ends it: Ctrl-C, or a time limit of the caller. */
  signal: AbortSignal
  environment?: Record<string, string>
  onLine?: (line: string) => void
}

export interface DockerResult {
  exitCode: number
  lines: string[]
}

/** Runs docker to its end, whatever its exit code. Throws CliError (3) when the command is missing; rejects when aborted. */
export async function docker(
  args: string[],
  { log, signal, environment, onLine }: DockerRun,
): Promise<DockerResult> {
  const record = function* (line: unknown) {
    const plain = stripVTControlCharacters(String(line))
    appendFileSync(log, `${plain}\n`)
    onLine?.(plain)
    yield plain
  }
  const { exitCode, code, all } = await execa('docker', args, {
    all: true,
    lines: true,
    stdin: 'ignore',
    stdout: record,
    stderr: record,
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 5000,
    ...(environment === undefined ? {} : { env: environment }),
  })
  signal.throwIfAborted()
  if (code === 'ENOENT') throw dockerMissing()
  return { exitCode: exitCode ?? 1, lines: all.map(String) }
}

interface BuildCommand {
  args: string[]
  environment: Record<string, string>
}

let builder: Promise<BuildCommand> | undefined

/** With buildx where the plugin is installed, else with the builder inside the engine. */
export function buildCommand(run: DockerRun): Promise<BuildCommand> {
  builder ??= docker(['buildx', 'version'], run).then(({ exitCode }) => (exitCode === 0 ? BUILDX : CLASSIC))
  return builder
}

/** `default` is the engine itself; what another builder builds is not among the engine's images. */
const BUILDX = {
  args: ['buildx', 'build', '--load', '--progress=plain'],
  environment: { BUILDX_BUILDER: 'default' },
}
const CLASSIC = { args: ['build', '--force-rm'], environment: { DOCKER_BUILDKIT: '0' } }

function dockerMissing(): CliError {
  return new CliError({
    what: 'The docker command is missing.',
    where: 'PATH',
    next: 'scripts/engine.sh',
    exitCode: EXIT.unreachable,
  })
}
