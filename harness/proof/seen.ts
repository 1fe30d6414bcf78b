// Which criteria were seen red, as far as that still counts: by the files as they are now.

import type { AcceptanceList } from './acceptance-list.ts'
import { basisOf, readCaughtFaults } from './caught-faults.ts'
import { criteriaSeenRed } from './report.ts'

/** Criteria of the list whose red record stands on today's sentence, specs and faults. */
export function criteriaCaughtNow(list: AcceptanceList): Set<string> {
  const sentences = new Map(list.criteria.map(({ id, sentence }) => [id, sentence]))
  return criteriaSeenRed(readCaughtFaults(), ({ criterion, files, basis }) => {
    const sentence = sentences.get(criterion)
    return sentence !== undefined && basisOf(sentence, files) === basis
  })
}
