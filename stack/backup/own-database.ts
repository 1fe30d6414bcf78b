import { CliError, EXIT } from '../../config/cli-error.ts'

/** Whoever sets HMA_DATABASE_URL means another database than that of the stack. Throws CliError (exit 2). */
export function requireNoOtherDatabase(): void {
  if (process.env.HMA_DATABASE_URL === undefined) return
  throw new CliError({
    what: 'HMA_DATABASE_URL is set, and this script works on the database of the stack alone.',
    next: 'unset HMA_DATABASE_URL.',
    exitCode: EXIT.usage,
  })
}
