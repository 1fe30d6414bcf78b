// Prints what each mutant comes to, and writes the report.
import { writeAtomically } from '../../config/atomic-file.ts'
import { reportOf } from './report.ts'
import type { Trial } from './schedule.ts'
import { verdictOf } from './verdict.ts'

export const MUTANT_REPORT = '.signoff/mutants.json'

export interface MutantProgress {
  surveyed(counts: { generated: number; refused: number; chosen: number }): void
  listed(trial: Trial): void
  baseline(criteria: number): void
  done(trial: Trial): void
  /** Returns the share of mutants that were caught, of those that changed something. */
  total(trials: Trial[]): number
}

/** Times count from this call. */
export function openMutantProgress(json: boolean): MutantProgress {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  const print = (line: string, facts: unknown) => console.log(json ? JSON.stringify(facts) : line)
  let count = 0
  let chosen = 0
  return {
    surveyed(counts) {
      chosen = counts.chosen
      print(
        `${counts.generated} mutants, ${counts.refused} of them refused by Postgres, ${chosen} chosen, in ${seconds()} s`,
        counts,
      )
    },
    listed: ({ mutant: { id, description }, left }) =>
      print(`${id}  ${description}  ${left.join(' ')}`, { id, description, criteria: left }),
    baseline: (criteria) =>
      print(`the specs of ${criteria} criteria pass without a mutant, in ${seconds()} s`, {
        baseline: criteria,
      }),
    done(trial) {
      const { id, description } = trial.mutant
      const { verdict, criterion, note } = verdictOf(trial)
      const tried = trial.attempts.map((attempt) => attempt.criterion)
      print(
        `${`${++count}/${chosen}`.padStart(9)} ${verdict === 'caught' ? '✓' : '✗'} ${verdict.padEnd(11)} ${id}: ${description}${verdict === 'caught' ? ` (${criterion})` : ` (${tried.join(' ')}: ${note})`}`,
        { id, description, verdict, criterion, note, tried },
      )
    },
    total(trials) {
      writeAtomically(MUTANT_REPORT, reportOf(trials))
      const verdicts = trials.map((trial) => verdictOf(trial).verdict)
      const counts = Object.fromEntries(
        [...Map.groupBy(verdicts, (verdict) => verdict)].map(([verdict, all]) => [verdict, all.length]),
      )
      const { caught = 0, ineffective = 0 } = counts
      const share = caught / Math.max(1, trials.length - ineffective)
      print(
        `${Object.entries(counts)
          .map(([verdict, many]) => `${many} ${verdict}`)
          .join(', ')}: ${(share * 100).toFixed(1)} % caught, in ${seconds()} s`,
        { ...counts, share, seconds: Number(seconds()) },
      )
      return share
    },
  }
}
