// What a check finds: a state, a sentence, and the next act for everything that is not ok.
import type { DoctorContext } from './context.ts'

export type State = 'ok' | 'warning' | 'broken'

export interface Result {
  /** What exactly: a tool, a variable, an image. */
  subject?: string
  /** Who holds what is needed: `process 4711 (node)`, `container other-redis-1`. */
  owner?: string
  state: State
  what: string
  /** Undefined only for `ok`. */
  next?: string
}

/** A result with the name of its check, which is stable and meant for programs. */
export type Finding = { check: string } & Result

export interface Check {
  name: string
  /** No result where the check does not apply. */
  run(context: DoctorContext): Result[] | Promise<Result[]>
}

export function ok(what: string): Result {
  return { state: 'ok', what }
}

export function warning(what: string, next: string, subject?: string): Result {
  return { ...(subject === undefined ? {} : { subject }), state: 'warning', what, next }
}

export function broken(what: string, next: string, subject?: string): Result {
  return { ...warning(what, next, subject), state: 'broken' }
}

/** The worst of them. */
export function worstState(findings: Result[]): State {
  const states = new Set(findings.map(({ state }) => state))
  if (states.has('broken')) return 'broken'
  return states.has('warning') ? 'warning' : 'ok'
}
