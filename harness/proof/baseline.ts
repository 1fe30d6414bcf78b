// What every fault is measured against: the specs are green without one.

import { CliError, lineOf } from '../../config/cli-error.ts'
import type { Errand } from './chapters.ts'
import { numberOf } from './list.ts'
import { type Candidate, readCandidate, readSubject, type Subject } from './record.ts'
import type { Trials } from './trial.ts'

/** Files with tests, by criterion. */
export type Homes = ReadonlyMap<string, string[]>

/** Exit code of what cannot be proven, because it is red already. */
export const NOT_GREEN = 3

/** Runs the specs that are asked for without a fault. Throws CliError (exit 3) unless all are green. */
export async function runBaseline(trials: Trials, { criteria, specFiles }: Errand): Promise<Homes> {
  if (specFiles.length === 0) return new Map()
  const ids = criteria.map(({ id }) => id)
  const { tests, unhandled } = await trials.run(ids, specFiles)
  const red = tests.find(({ state }) => state !== 'passed')
  if (red) throw notGreen(`${red.title}: ${lineOf(red.errors[0] ?? red.state)}`)
  if (unhandled.length > 0) throw notGreen(`an error outside of tests: ${lineOf(unhandled[0])}`)
  const homes = Map.groupBy(tests, ({ title }) => numberOf(title) ?? '')
  return new Map([...homes].map(([id, own]) => [id, [...new Set(own.map(({ file }) => file))]]))
}

/** The last run of the specs as the baseline; undefined unless it was of all that is here now, and green. */
export function lastRun({ criteria }: Errand): Homes | undefined {
  return baselineOf(
    readCandidate(),
    readSubject(),
    criteria.map(({ id }) => id),
  )
}

/** The same, of a run and a tree that are given. */
export function baselineOf(run: Candidate, now: Subject, ids: string[]): Homes | undefined {
  if (!isGreen(run) || !isSame(run.subject, now)) return undefined
  const asked = new Set(ids)
  const proven = run.judged.filter(({ id, verdict }) => verdict === 'proven' && asked.has(id))
  return new Map(proven.map(({ id, files }) => [id, files]))
}

function isGreen({ state, scope, judged, objections, counts }: Candidate): boolean {
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
