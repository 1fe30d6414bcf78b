// What all attempts on one mutant come to.
import type { FaultVerdict } from '../proof/fault-verdict.ts'
import type { Trial } from './schedule.ts'

export interface MutantVerdict {
  /** `uncovered`: no curated fault changes its object, so no criterion is known to stand on it. */
  verdict: FaultVerdict | 'uncovered'
  criterion?: string
  note: string
}

/** Caught by one is caught; an error that is no assertion is worse than none, because it hides what the spec would say. */
export function verdictOf({ attempts, left }: Trial): MutantVerdict {
  for (const wanted of ['caught', 'ineffective', 'mechanism', 'survived', 'unreached'] as const) {
    const found = attempts.find(({ verdict }) => verdict === wanted)
    if (found) return found
  }
  return {
    verdict: 'uncovered',
    note: left.length === 0 ? 'no criterion stands on its object' : 'not tested',
  }
}
