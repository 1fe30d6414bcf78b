// What every fault is compared with: the specs pass without one.

import { CliError, lineOf } from '../../config/cli-error.ts'
import { numberOf } from './acceptance-list.ts'
import type { FaultRunner } from './fault-runner.ts'
import { type RunRecord, readRunRecord, readSubject, type Subject } from './run-record.ts'
import type { Selection } from './select-faults.ts'

/** By criterion: the spec files with its tests. */
export type SpecFilesByCriterion = ReadonlyMap<string, string[]>

export interface Baseline {
  specFiles: SpecFilesByCriterion
  /** By criterion: the first failure without a fault. Nothing can be said about the faults of such a criterion. */
  broken: ReadonlyMap<string, string>
}

/** Exit code when the specs fail without a fault, or the stack broke. */
export const NO_BASELINE = 3

/** Runs the selected specs without a fault. Throws CliError (exit 3) for an error outside of tests. */
export async function runBaseline(
  runner: FaultRunner,
  { criteria, specFiles }: Selection,
): Promise<Baseline> {
  if (specFiles.length === 0) return { specFiles: new Map(), broken: new Map() }
  const ids = criteria.map(({ id }) => id)
  const { tests, unhandled } = await runner.run(ids, specFiles)
  if (unhandled.length > 0) throw withoutBaseline(`an error outside of tests: ${lineOf(unhandled[0])}`)
  const byCriterion = Map.groupBy(tests, ({ title }) => numberOf(title) ?? '')
  const failed = tests.filter(({ state }) => state !== 'passed').reverse()
  return {
    specFiles: new Map(
      [...byCriterion].map(([id, own]) => [id, [...new Set(own.map(({ file }) => file))].sort()]),
    ),
    broken: new Map(
      failed.map(({ title, errors, state }) => [
        numberOf(title) ?? '',
        `${title}: ${lineOf(errors[0] ?? state)}`,
      ]),
    ),
  }
}

/** The last run of the specs as the baseline; undefined unless it was a full run of exactly this commit and everything passed. */
export function lastRun({ criteria }: Selection): Baseline | undefined {
  const ids = criteria.map(({ id }) => id)
  const specFiles = baselineOf(readRunRecord(), readSubject(), ids)
  return specFiles && { specFiles, broken: new Map() }
}

/** The same for a given run and tree. */
export function baselineOf(run: RunRecord, now: Subject, ids: string[]): SpecFilesByCriterion | undefined {
  if (!hasPassed(run) || !isSame(run.subject, now)) return undefined
  const selected = new Set(ids)
  const proven = run.criteria.filter(({ id, verdict }) => verdict === 'proven' && selected.has(id))
  return new Map(proven.map(({ id, files }) => [id, files]))
}

function hasPassed({ state, scope, criteria, objections, counts }: RunRecord): boolean {
  const isWhole = state === 'COMPLETE' && scope === 'full' && objections.length === 0
  return (
    isWhole && counts.failed + counts.notRun === 0 && criteria.every(({ verdict }) => verdict !== 'broken')
  )
}

function isSame(then: Subject, now: Subject): boolean {
  return now.clean && then.clean && then.commit !== '' && then.commit === now.commit
}

/** Exit 3. */
export function withoutBaseline(what: string): CliError {
  return new CliError({
    what: `The specs fail without a fault: ${what}`,
    where: 'the baseline',
    next: 'npx vitest run --project acceptance',
    exitCode: NO_BASELINE,
  })
}
