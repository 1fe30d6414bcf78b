// What every fault is measured against: the specs are green without one.

import { CliError, lineOf } from '../../config/cli-error.ts'
import { numberOf } from './acceptance-list.ts'
import type { FaultRunner } from './fault-runner.ts'
import { type RunRecord, readRunRecord, readSubject, type Subject } from './run-record.ts'
import type { ProveOptions } from './select-faults.ts'

/** Files with tests, by criterion. */
export type SpecFilesByCriterion = ReadonlyMap<string, string[]>

/** Exit code of what cannot be proven, because it is red already. */
export const NOT_GREEN = 3

/** Runs the specs that are asked for without a fault. Throws CliError (exit 3) unless all are green. */
export async function runBaseline(
  trials: FaultRunner,
  { criteria, specFiles }: ProveOptions,
): Promise<SpecFilesByCriterion> {
  if (specFiles.length === 0) return new Map()
  const ids = criteria.map(({ id }) => id)
  const { tests, unhandled } = await trials.run(ids, specFiles)
  const red = tests.find(({ state }) => state !== 'passed')
  if (red) throw notGreen(`${red.title}: ${lineOf(red.errors[0] ?? red.state)}`)
  if (unhandled.length > 0) throw notGreen(`an error outside of tests: ${lineOf(unhandled[0])}`)
  const specFilesByCriterion = Map.groupBy(tests, ({ title }) => numberOf(title) ?? '')
  return new Map(
    [...specFilesByCriterion].map(([id, own]) => [id, [...new Set(own.map(({ file }) => file))]]),
  )
}

/** The last run of the specs as the baseline; undefined unless it was of all that is here now, and green. */
export function lastRun({ criteria }: ProveOptions): SpecFilesByCriterion | undefined {
  return baselineOf(
    readRunRecord(),
    readSubject(),
    criteria.map(({ id }) => id),
  )
}

/** The same, of a run and a tree that are given. */
export function baselineOf(run: RunRecord, now: Subject, ids: string[]): SpecFilesByCriterion | undefined {
  if (!isGreen(run) || !isSame(run.subject, now)) return undefined
  const asked = new Set(ids)
  const proven = run.judged.filter(({ id, verdict }) => verdict === 'proven' && asked.has(id))
  return new Map(proven.map(({ id, files }) => [id, files]))
}

function isGreen({ state, scope, judged, objections, counts }: RunRecord): boolean {
  const isWhole = state === 'COMPLETE' && scope === 'full' && objections.length === 0
  return isWhole && counts.failed + counts.notRun === 0 && judged.every(({ verdict }) => verdict !== 'broken')
}

function isSame(then: Subject, now: Subject): boolean {
  return now.clean && then.clean && then.commit !== '' && then.commit === now.commit
}

function notGreen(what: string): CliError {
  return new CliError({
    what: `It is not green without a fault: ${what}`,
    where: 'the baseline',
    next: 'npx vitest run --project acceptance',
    exitCode: NOT_GREEN,
  })
}
