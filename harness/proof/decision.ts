// What a run, its faults and the state of the machine add up to. Pure, so that every exit code has tests of its own.

import type { CriterionResult } from './criterion-verdict.ts'
import type { Objection, RunRecord } from './run-record.ts'

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
  run: RunRecord
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

export interface Decision {
  verdict: 'ACCEPTED' | 'REJECTED' | 'SCOPED'
  exitCode: number
  reasons: string[]
}

/** The verdict, by the gravest cause there is; ACCEPTED only when there is none at all. */
export function decide(evidence: Evidence): Decision {
  const gravest = causesOf(evidence).find(({ reasons }) => reasons.length > 0)
  if (gravest) return { verdict: 'REJECTED', ...gravest }
  return reservation(evidence) ?? { verdict: 'ACCEPTED', exitCode: EXIT.accepted, reasons: [] }
}

interface Cause {
  exitCode: number
  /** None, and it is no cause. */
  reasons: string[]
}

/** Everything that can reject a run, gravest first. */
function causesOf(evidence: Evidence): Cause[] {
  const { run, seenRed, leftovers, specsExit, proveExit, soFar } = evidence
  const { judged, objections, scope } = run
  const whys = (side: Objection['against']) =>
    objections.filter((each) => each.against === side).map(({ why }) => why)
  const broken = idsOf(judged, 'broken')
  const unseen = idsOf(judged, 'proven').filter((id) => !seenRed.has(id))
  const missing = scope === 'full' && !soFar ? idsOf(judged, 'missing') : []
  return [
    cause(EXIT.outOfTime, isOutOfTime(specsExit) || isOutOfTime(proveExit), 'a step ran out of its time'),
    cause(
      EXIT.environment,
      specsExit === EXIT.environment,
      'the stack broke while the specs ran',
      whys('environment'),
    ),
    cause(EXIT.failed, broken.length > 0, `broken: ${broken.join(' ')}`, whys('environment')),
    { exitCode: EXIT.environment, reasons: whys('environment') },
    cause(EXIT.environment, leftovers.length > 0, `left behind: ${leftovers.join(', ')}`),
    { exitCode: EXIT.contract, reasons: whys('contract') },
    cause(
      EXIT.environment,
      specsExit !== 0,
      `Vitest ended with exit code ${specsExit} although no test failed`,
    ),
    cause(EXIT.contract, unseen.length > 0, `never seen red: ${unseen.join(' ')}`),
    cause(proveExit > 2 ? EXIT.environment : EXIT.contract, proveExit !== 0, whyNotSeen(proveExit)),
    cause(EXIT.contract, missing.length > 0, `no spec yet: ${missing.join(' ')}`),
  ]
}

function cause(exitCode: number, isThere: boolean, reason: string, more: string[] = []): Cause {
  return { exitCode, reasons: isThere ? [reason, ...more] : [] }
}

function whyNotSeen(proveExit: number): string {
  return `planting the faults ended with exit code ${proveExit}: npm run prove says why`
}

/** Nothing is wrong, and still it is no acceptance. */
function reservation({ run, clean, soFar }: Evidence): Decision | undefined {
  const missing = idsOf(run.judged, 'missing')
  const dirty = run.subject.clean && clean ? [] : ['the tree is not clean']
  const reasons = [
    ...(run.scope === 'scoped' ? ['a filter left tests out'] : []),
    ...dirty,
    ...(missing.length > 0 ? [`${missing.length} criteria have no spec yet`] : []),
  ]
  if (reasons.length === 0) return undefined
  const isAllSoFar = soFar && run.scope === 'full'
  return { verdict: 'SCOPED', exitCode: isAllSoFar ? EXIT.accepted : EXIT.scoped, reasons }
}

function idsOf(judged: CriterionResult[], wanted: CriterionResult['verdict']): string[] {
  return judged.filter(({ verdict }) => verdict === wanted).map(({ id }) => id)
}

/** As timeout(1) says it: 124 when TERM was enough, 137 when it took KILL. */
function isOutOfTime(exitCode: number): boolean {
  return exitCode === 124 || exitCode === 137
}
