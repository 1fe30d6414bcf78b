// The sign-off as a person reads it: one table per epic that has a spec, one line for the rest.
import type { RedEntry, RedRecord } from '../faults/red.ts'
import type { AcceptanceList } from './list.ts'
import type { Judged, Verdict } from './verdicts.ts'

const MARK: Record<Verdict, string> = { proven: '✓', broken: '✗', missing: '·' }

/** Lines of the sign-off; `seenRed` holds the criteria whose spec was seen failing by assertion. */
export function signoffLines(list: AcceptanceList, judged: Judged[], seenRed: ReadonlySet<string>): string[] {
  const started = list.epics.filter(({ id }) =>
    judged.some((each) => inEpic(each, id) && each.verdict !== 'missing'),
  )
  const rest = list.epics.filter((epic) => !started.includes(epic))
  return [
    ...started.flatMap(({ id, name }) =>
      epicLines(
        list,
        judged.filter((each) => inEpic(each, id)),
        `${id} ${name}`,
        seenRed,
      ),
    ),
    ...(rest.length === 0 ? [] : [`No spec yet: ${rest.map(({ id, name }) => `${id} ${name}`).join(' · ')}`]),
    '',
    totalLine(judged, seenRed),
  ]
}

/** The verdict of a whole run in one line. */
export function totalLine(judged: Judged[], seenRed: ReadonlySet<string>): string {
  const count = (verdict: Verdict) => judged.filter((each) => each.verdict === verdict).length
  const red = judged.filter(({ id, verdict }) => verdict === 'proven' && seenRed.has(id)).length
  return `${count('proven')} of ${judged.length} proven, ${red} of them seen red, ${count('broken')} broken, ${count('missing')} missing`
}

/** Criteria seen red by a fault whose entry still stands on the same sentence, spec and faults. */
export function criteriaSeenRed(record: RedRecord, isFresh: (entry: RedEntry) => boolean): Set<string> {
  const fresh = Object.values(record).filter(isFresh)
  return new Set(fresh.map(({ criterion }) => criterion))
}

function epicLines(
  list: AcceptanceList,
  judged: Judged[],
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
  const missing = judged.filter(({ verdict }) => verdict === 'missing').map(({ id }) => id)
  return ['', title, ...lines, ...(missing.length === 0 ? [] : [`  · missing: ${missing.join(' ')}`])]
}

function inEpic({ id }: Judged, epic: string): boolean {
  return id.startsWith(`${epic}.`)
}

function shorten(text: string): string {
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`
}
