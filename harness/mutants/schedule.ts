// Which mutant is tested with which criterion next. One run tests many criteria, each with one mutant.
import type { FaultVerdict } from '../proof/fault-verdict.ts'
import type { Mutant } from './mutant.ts'

export interface Attempt {
  criterion: string
  verdict: FaultVerdict
  /** Title of the test that caught it, or why it was not caught. */
  note: string
}

/** A mutant on its way: what is still to be tried, and what came of it so far. */
export interface Trial {
  mutant: Mutant
  left: string[]
  attempts: Attempt[]
}

/** At most one criterion for each open trial, and none for two of them. */
export function nextBatch(trials: Trial[]): { trial: Trial; criterion: string }[] {
  const open = trials.filter(isOpen)
  const batch = new Map<string, Trial>()
  for (const trial of open) {
    const criterion = trial.left.find((candidate) => !batch.has(candidate))
    // The closest criterion is worth waiting for.
    if (criterion !== undefined && trial.left.indexOf(criterion) < 2) batch.set(criterion, trial)
  }
  return [...batch].map(([criterion, trial]) => ({ trial, criterion }))
}

export function isOpen({ left, attempts }: Trial): boolean {
  return left.length > 0 && !attempts.some(({ verdict }) => verdict === 'caught' || verdict === 'ineffective')
}
