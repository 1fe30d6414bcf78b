// Errors of the environment: each is printed once, however many tests it fails, and they decide the exit code of the run.
import { type CliError, EXIT } from '../../config/cli-error.ts'

export interface EnvironmentErrors {
  /** Prints the error unless it is a known one. An error of another kind is left to the test that it fails. */
  add(error: CliError): void
  /** The same for an error whose reason the engine is still asked for; `any` waits for it. */
  addWhenKnown(error: Promise<CliError>): Promise<CliError>
  /** Whether there were any. */
  any(): Promise<boolean>
}

export function collectEnvironmentErrors(print: (line: string) => void): EnvironmentErrors {
  const printed = new Set<string>()
  const pending: Promise<CliError>[] = []
  const add = (error: CliError) => {
    if (error.exitCode !== EXIT.unreachable || printed.has(error.what)) return
    printed.add(error.what)
    print(error.line)
  }
  return {
    add,
    addWhenKnown(error) {
      const added = error.then((known) => {
        add(known)
        return known
      })
      pending.push(added)
      return added
    },
    async any() {
      await Promise.allSettled(pending)
      return printed.size > 0
    },
  }
}
