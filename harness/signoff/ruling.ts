// What a run, its faults and the state of the machine add up to. Pure, so that every exit code has tests of its own.
import type { Candidate } from './record.ts'
import type { Judged } from './verdicts.ts'

/** Exit codes of scripts/accept.sh. */
export const EXIT = {
  accepted: 0,
  failed: 1,
  contract: 2,
  environment: 3,
  scoped: 4,
  outOfTime: 124,
} as const

export interface Evidence {
  candidate: Candidate
  seenRed: ReadonlySet<string>
  /** What the run left on the engine or in the temporary folder. */
  leftovers: readonly string[]
  /** Whether the tree is clean now; the candidate says whether it was before. */
  clean: boolean
  /** Exit codes of the steps before: the specs, and planting the faults. */
  specsExit: number
  proveExit: number
  /** Missing criteria are no reason to reject. */
  soFar: boolean
}

export interface Ruling {
  verdict: 'ACCEPTED' | 'REJECTED' | 'SCOPED'
  exitCode: number
  reasons: string[]
}

/** The verdict, by the gravest cause there is; ACCEPTED only when there is none at all. */
export function ruleOn(evidence: Evidence): Ruling {
  return (
    rejection(evidence) ??
    reservation(evidence) ?? { verdict: 'ACCEPTED', exitCode: EXIT.accepted, reasons: [] }
  )
}

function rejection({
  candidate,
  seenRed,
  leftovers,
  specsExit,
  proveExit,
  soFar,
}: Evidence): Ruling | undefined {
  const { judged, objections, scope } = candidate
  const reject = (exitCode: number, reasons: string[]): Ruling => ({ verdict: 'REJECTED', exitCode, reasons })
  const whys = (side: 'contract' | 'environment') =>
    objections.filter(({ against }) => against === side).map(({ why }) => why)
  const proven = idsOf(judged, 'proven')
  const broken = idsOf(judged, 'broken')
  const missing = idsOf(judged, 'missing')
  const unseen = proven.filter((id) => !seenRed.has(id))

  if (isOutOfTime(specsExit) || isOutOfTime(proveExit))
    return reject(EXIT.outOfTime, ['a step ran out of its time'])
  if (specsExit === EXIT.environment)
    return reject(EXIT.environment, ['the stack broke while the specs ran', ...whys('environment')])
  if (broken.length > 0) return reject(EXIT.failed, [`broken: ${broken.join(' ')}`, ...whys('environment')])
  if (whys('environment').length > 0) return reject(EXIT.environment, whys('environment'))
  if (leftovers.length > 0) return reject(EXIT.environment, [`left behind: ${leftovers.join(', ')}`])
  if (whys('contract').length > 0) return reject(EXIT.contract, whys('contract'))
  if (specsExit !== 0)
    return reject(EXIT.environment, [`Vitest ended with exit code ${specsExit} although no test failed`])
  if (unseen.length > 0) return reject(EXIT.contract, [`never seen red: ${unseen.join(' ')}`])
  if (proveExit !== 0) {
    const code = proveExit === 1 || proveExit === 2 ? EXIT.contract : EXIT.environment
    return reject(code, [`planting the faults ended with exit code ${proveExit}: npm run prove says why`])
  }
  if (scope === 'full' && missing.length > 0 && !soFar)
    return reject(EXIT.contract, [`no spec yet: ${missing.join(' ')}`])
  return undefined
}

/** Nothing is wrong, and still it is no acceptance. */
function reservation({ candidate, clean, soFar }: Evidence): Ruling | undefined {
  const missing = idsOf(candidate.judged, 'missing')
  const dirty = candidate.subject.clean && clean ? [] : ['the tree is not clean']
  const reasons = [
    ...(candidate.scope === 'scoped' ? ['a filter left tests out'] : []),
    ...dirty,
    ...(missing.length > 0 ? [`${missing.length} criteria have no spec yet`] : []),
  ]
  if (reasons.length === 0) return undefined
  const isAllSoFar = soFar && candidate.scope === 'full'
  return { verdict: 'SCOPED', exitCode: isAllSoFar ? EXIT.accepted : EXIT.scoped, reasons }
}

function idsOf(judged: Judged[], wanted: Judged['verdict']): string[] {
  return judged.filter(({ verdict }) => verdict === wanted).map(({ id }) => id)
}

/** As timeout(1) says it: 124 when TERM was enough, 137 when it took KILL. */
function isOutOfTime(exitCode: number): boolean {
  return exitCode === 124 || exitCode === 137
}
