// What is wrong with the machine is said once, however many tests it fails, and decides the exit code of the run.
import type { CliError } from '../../config/cli-error.ts'

export const EXIT_ENVIRONMENT = 3

export interface Troubles {
  /** Takes note of what speaks of the machine; anything else is the business of the test that met it. */
  meet(trouble: CliError): void
  /** The same for what is still being asked of the engine: a run that ends before the answer waits for it. */
  meetOnce(asked: Promise<CliError>): Promise<CliError>
  /** Whether there was any, once all that was asked is answered. */
  met(): Promise<boolean>
}

/** `say` gets one line for each. */
export function openTroubles(say: (line: string) => void): Troubles {
  const said = new Set<string>()
  const asked: Promise<CliError>[] = []
  const meet = (trouble: CliError) => {
    if (trouble.exitCode !== EXIT_ENVIRONMENT || said.has(trouble.what)) return
    said.add(trouble.what)
    say(trouble.line)
  }
  return {
    meet,
    meetOnce(why) {
      const known = why.then((trouble) => {
        meet(trouble)
        return trouble
      })
      asked.push(known)
      return known
    },
    async met() {
      await Promise.allSettled(asked)
      return said.size > 0
    },
  }
}
