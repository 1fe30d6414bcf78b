// The sign-off as a person reads it: one table per epic that has a spec, one line for the rest.

import type { AcceptanceList } from './acceptance-list.ts'
import type { CaughtFault, CaughtFaults } from './caught-faults.ts'
import { type CriterionResult, NO_SPEC, type Verdict } from './criterion-verdict.ts'

const MARK: Record<Verdict, string> = { proven: '✓', broken: '✗', missing: '·' }

/** Lines of the sign-off; `seenRed` holds the criteria whose spec was seen failing by assertion. */
export function reportLines(
  list: AcceptanceList,
  judged: CriterionResult[],
  seenRed: ReadonlySet<string>,
): string[] {
  const epics = list.epics.map((epic) => {
    const own = judged.filter(({ id }) => id.startsWith(`${epic.id}.`))
    return {
      title: `${epic.id} ${epic.name}`,
      own,
      started: own.some(({ verdict }) => verdict !== 'missing'),
    }
  })
  const rest = epics.filter(({ started }) => !started)
  const unwritten = rest.filter(({ own }) => own.every(({ reason }) => reason === NO_SPEC))
  const leftOut = rest.filter((epic) => !unwritten.includes(epic))
  return [
    ...epics
      .filter(({ started }) => started)
      .flatMap(({ title, own }) => epicLines(list, own, title, seenRed)),
    ...named('Left out of this run', leftOut),
    ...named('No spec yet', unwritten),
    '',
    totalLine(judged, seenRed),
  ]
}

/** The verdict of a whole run in one line. */
export function totalLine(judged: CriterionResult[], seenRed: ReadonlySet<string>): string {
  const count = (verdict: Verdict) => judged.filter((each) => each.verdict === verdict).length
  const red = judged.filter(({ id, verdict }) => verdict === 'proven' && seenRed.has(id)).length
  return `${count('proven')} of ${judged.length} proven, ${red} of them seen red, ${count('broken')} broken, ${count('missing')} missing`
}

/** Criteria seen red by a fault whose entry still stands on the same sentence, specs and faults. */
export function criteriaSeenRed(record: CaughtFaults, isFresh: (entry: CaughtFault) => boolean): Set<string> {
  const fresh = Object.values(record).filter(isFresh)
  return new Set(fresh.map(({ criterion }) => criterion))
}

function epicLines(
  list: AcceptanceList,
  judged: CriterionResult[],
  title: string,
  seenRed: ReadonlySet<string>,
): string[] {
  const sentence = new Map(list.criteria.map((criterion) => [criterion.id, criterion.sentence]))
  const lines = judged
    .filter(({ verdict }) => verdict !== 'missing')
    .map(({ id, verdict, reason }) => {
      const red = seenRed.has(id) ? 'seen red' : '        '
      return `  ${MARK[verdict]} ${id.padEnd(7)} ${verdict.padEnd(7)} ${red}  ${shorten(reason || (sentence.get(id) ?? ''))}`
    })
  const missing = judged.filter(({ verdict }) => verdict === 'missing')
  return [
    '',
    title,
    ...lines,
    ...numbered(
      'left out of this run',
      missing.filter(({ reason }) => reason !== NO_SPEC),
    ),
    ...numbered(
      'missing',
      missing.filter(({ reason }) => reason === NO_SPEC),
    ),
  ]
}

function numbered(what: string, judged: CriterionResult[]): string[] {
  return judged.length === 0 ? [] : [`  · ${what}: ${judged.map(({ id }) => id).join(' ')}`]
}

function named(what: string, epics: { title: string }[]): string[] {
  return epics.length === 0 ? [] : [`${what}: ${epics.map(({ title }) => title).join(' · ')}`]
}

function shorten(text: string): string {
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`
}
