// The healthcheck of a scheduler: asks the one that runs in this container. Exit codes: 0 healthy · 1 a job failed or is late, one
// line each · 3 no scheduler answers.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { runProgram } from '../../config/program.ts'

const WITHIN_MS = 2000

await runProgram('health', async ([port = '9187']) => {
  const address = `http://127.0.0.1:${port}/health`
  const response = await fetch(address, { signal: AbortSignal.timeout(WITHIN_MS) }).catch(
    (cause: unknown) => {
      const next = 'read the log of this container.'
      throw new CliError({
        what: 'No scheduler answers.',
        where: address,
        next,
        exitCode: EXIT.unreachable,
        cause,
      })
    },
  )
  process.stdout.write(await response.text())
  return response.ok ? 0 : EXIT.failed
})
