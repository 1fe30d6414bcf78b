// What a check finds: a state, a sentence, and the next act for whatever is not well.

export type State = 'ok' | 'warning' | 'broken'

export interface Finding {
  /** The check that says it; stable, for programs. */
  check: string
  /** What exactly: a tool, a variable, an image. */
  subject?: string
  /** Who holds what is wanted: `process 4711 (node)`, `container other-redis-1`. */
  owner?: string
  state: State
  what: string
  /** Undefined only where all is well. */
  next?: string
}

/** Ways to say it for one check, with the subject first where there are several. */
export interface Voice {
  ok(what: string): Finding
  warning(what: string, next: string, subject?: string): Finding
  broken(what: string, next: string, subject?: string): Finding
}

export function voiceOf(check: string): Voice {
  const say = (state: State) => (what: string, next: string, subject?: string) => ({
    ...{ check, state, what, next },
    ...(subject === undefined ? {} : { subject }),
  })
  return { ok: (what) => ({ check, state: 'ok', what }), warning: say('warning'), broken: say('broken') }
}

/** The worst of them decides. */
export function stateOf(findings: Finding[]): State {
  const states = new Set(findings.map(({ state }) => state))
  if (states.has('broken')) return 'broken'
  return states.has('warning') ? 'warning' : 'ok'
}
