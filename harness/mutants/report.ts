// The report in the schema of mutation-testing-report-schema, major version 2. Its viewer is mutation-testing-elements. A file of the
// report is an object of the database.
import type { Trial } from './schedule.ts'
import { type MutantVerdict, verdictOf } from './verdict.ts'

const STATUS: Record<MutantVerdict['verdict'], string> = {
  caught: 'Killed',
  survived: 'Survived',
  unreached: 'NoCoverage',
  uncovered: 'NoCoverage',
  mechanism: 'RuntimeError',
  ineffective: 'Ignored',
}
const WHOLE = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } }

export function reportOf(trials: Trial[]) {
  const byObject = Map.groupBy(trials, ({ mutant }) => mutant.object)
  const files = Object.fromEntries(
    [...byObject].map(([object, own]) => [
      object,
      { language: 'sql', source: object, mutants: own.map(entryOf) },
    ]),
  )
  return { schemaVersion: '2', thresholds: { high: 95, low: 90 }, files }
}

function entryOf(trial: Trial) {
  const { id, operator, description, injection } = trial.mutant
  const { verdict, criterion, note } = verdictOf(trial)
  return {
    ...{
      id,
      description,
      mutatorName: operator,
      location: WHOLE,
      status: STATUS[verdict],
      statusReason: note,
    },
    replacement: injection.kind === 'sql' ? injection.statements : '',
    coveredBy: trial.attempts.map((attempt) => attempt.criterion),
    killedBy: verdict === 'caught' ? [criterion] : [],
  }
}
