// The docker command, as this room runs it: against the engine that was found, with a bound, and every line it says kept.
import { appendFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { CliError } from '../../config/cli-error.ts'

export interface DockerRun {
  /** File that everything it says is appended to. */
  log: string
  /** Ends it: the person pressed Ctrl-C, or a bound of the caller passed. */
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
  const keep = function* (line: unknown) {
    const plain = stripVTControlCharacters(String(line))
    appendFileSync(log, `${plain}\n`)
    onLine?.(plain)
    yield plain
  }
  const { exitCode, code, all } = await execa('docker', args, {
    all: true,
    lines: true,
    stdin: 'ignore',
    stdout: keep,
    stderr: keep,
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 5000,
    ...(environment === undefined ? {} : { env: environment }),
  })
  signal.throwIfAborted()
  if (code === 'ENOENT') throw dockerMissing()
  return { exitCode: exitCode ?? 1, lines: all.map(String) }
}

let builder: Promise<{ args: string[]; environment: Record<string, string> }> | undefined

/** How this machine builds: with buildx where the plugin is there, else with the builder that is part of the engine. */
export function buildCommand(
  run: DockerRun,
): Promise<{ args: string[]; environment: Record<string, string> }> {
  builder ??= docker(['buildx', 'version'], run).then(({ exitCode }) =>
    exitCode === 0
      ? // The builder of that name is the engine itself; another one would keep what it builds to itself.
        {
          args: ['buildx', 'build', '--load', '--progress=plain'],
          environment: { BUILDX_BUILDER: 'default' },
        }
      : { args: ['build', '--force-rm'], environment: { DOCKER_BUILDKIT: '0' } },
  )
  return builder
}

function dockerMissing(): CliError {
  return new CliError({
    what: 'The docker command is missing.',
    where: 'PATH',
    next: 'scripts/engine.sh',
    exitCode: 3,
  })
}
