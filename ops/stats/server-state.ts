// What a server that gives no figures is: gone, without an answer, or slow. An on-call person acts differently on each.
import { CliError, EXIT } from '../../config/cli-error.ts'

export type ServerState = 'gone' | 'no answer' | 'slow'

/** It refuses connections, or has closed one. */
export function gone(server: string, reason: string): CliError {
  return serverError(
    'gone',
    `${server} is gone: ${reason}.`,
    'is it running? scripts/compose.sh ps, or its host.',
  )
}

/** Something accepts the connection, and nobody answers. */
export function noAnswer(server: string, milliseconds: number): CliError {
  const what = `${server} gives no answer within ${milliseconds / 1000} s.`
  return serverError(
    'no answer',
    what,
    'it is paused, frozen or overloaded: look at its container and its machine.',
  )
}

/** It answers, and not in time, or says itself that it cannot. */
export function slow(server: string, reason: string): CliError {
  const next = 'look for load and locks: scripts/db-stats.sh, or give more time with --timeout.'
  return serverError('slow', `${server} is slow: ${reason}.`, next)
}

function serverError(state: ServerState, what: string, next: string): CliError {
  const exitCode = state === 'gone' ? EXIT.unreachable : EXIT.outOfTime
  return new CliError({ what, next, exitCode, facts: { state } })
}
