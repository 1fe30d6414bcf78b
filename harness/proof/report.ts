// The sign-off for people: one table for each epic that has a spec, one line for the rest.

import type { AcceptanceList } from './acceptance-list.ts'
import { type CriterionResult, hasNoSpec, isLeftOut, type Verdict } from './criterion-verdict.ts'

const MARK: Record<Verdict, string> = { proven: '✓', broken: '✗', missing: '·' }

interface Epic {
  title: string
  own: CriterionResult[]
}

/** Lines of the sign-off; `seenRed` holds the criteria of which a fault was caught. */
export function reportLines(
  list: AcceptanceList,
  results: CriterionResult[],
  seenRed: ReadonlySet<string>,
): string[] {
  const epics = list.epics.map(({ id, name }) => ({
    title: `${id} ${name}`,
    own: results.filter((result) => result.id.startsWith(`${id}.`)),
  }))
  const isStarted = ({ own }: Epic) => own.some(({ verdict }) => verdict !== 'missing')
  const withoutSpec = epics.filter(({ own }) => own.every(hasNoSpec))
  const leftOut = epics.filter((epic) => !isStarted(epic) && !withoutSpec.includes(epic))
  const titleOf = ({ title }: Epic) => title
  return [
    ...epics.filter(isStarted).flatMap(({ title, own }) => epicLines(list, own, title, seenRed)),
    ...listed('Left out of this run', leftOut, titleOf, ' · '),
    ...listed('No spec yet', withoutSpec, titleOf, ' · '),
    '',
    totalLine(results, seenRed),
  ]
}

/** The result of a run in one line. */
export function totalLine(results: CriterionResult[], seenRed: ReadonlySet<string>): string {
  const proven = results.filter(({ verdict }) => verdict === 'proven')
  const red = proven.filter(({ id }) => seenRed.has(id))
  const broken = results.filter(({ verdict }) => verdict === 'broken')
  return [
    `${proven.length} of ${results.length} proven`,
    `${red.length} of them seen red`,
    `${broken.length} broken`,
    `${results.filter(hasNoSpec).length} without spec`,
    `${results.filter(isLeftOut).length} left out of this run`,
  ].join(', ')
}

function epicLines(
  list: AcceptanceList,
  results: CriterionResult[],
  title: string,
  seenRed: ReadonlySet<string>,
): string[] {
  const sentences = new Map(list.criteria.map(({ id, sentence }) => [id, sentence]))
  const lines = results
    .filter(({ verdict }) => verdict !== 'missing')
    .map(({ id, verdict, reason }) => {
      const red = seenRed.has(id) ? 'seen red' : '        '
      return `  ${MARK[verdict]} ${id.padEnd(7)} ${verdict.padEnd(7)} ${red}  ${shorten(reason || (sentences.get(id) ?? ''))}`
    })
  return [
    '',
    title,
    ...lines,
    ...listed('  · left out of this run', results.filter(isLeftOut), ({ id }) => id, ' '),
    ...listed('  · without spec', results.filter(hasNoSpec), ({ id }) => id, ' '),
  ]
}

function listed<T>(label: string, items: T[], nameOf: (item: T) => string, separator: string): string[] {
  return items.length === 0 ? [] : [`${label}: ${items.map(nameOf).join(separator)}`]
}

function shorten(text: string): string {
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`
}
