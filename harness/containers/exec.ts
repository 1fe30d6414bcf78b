// Commands inside of a running container.
import { getContainerRuntimeClient } from 'testcontainers'
import { CliError, EXIT } from '../../config/cli-error.ts'

/** How a command ended, in a container or on this machine. */
export interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

/** Runs a Bash script in the container and returns what it printed. Throws CliError with its output when it fails. */
export async function runScript(
  id: string,
  user: string,
  script: string,
  args: string[] = [],
): Promise<string> {
  const { container } = await getContainerRuntimeClient()
  const { exitCode, output } = await container.exec(container.getById(id), bash(script, args), { user })
  if (exitCode === 0) return output
  throw new CliError({
    what: `A command in the container ended with exit code ${exitCode}: ${output.trim()}`,
    where: script.trim().split('\n')[0] ?? '',
    next: 'read its output above.',
    exitCode: EXIT.unreachable,
  })
}

/** Starts a Bash script that outlives this call. The returned function gives its exit code; undefined while it runs. */
export async function startScript(
  id: string,
  user: string,
  script: string,
  args: string[] = [],
): Promise<() => Promise<number | undefined>> {
  const { container } = await getContainerRuntimeClient()
  const process = await container.getById(id).exec({ Cmd: bash(script, args), User: user })
  const reply = await process.start({ Detach: true })
  reply.destroy()
  return async () => {
    const { Running, ExitCode } = await process.inspect()
    return Running ? undefined : (ExitCode ?? undefined)
  }
}

function bash(script: string, args: string[]): string[] {
  return ['bash', '-ec', script, 'bash', ...args]
}
