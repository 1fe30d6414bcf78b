// Whether a run is accepted: from its results, its faults and the state of the machine. Pure, so that every exit code has tests.
import type { CriterionResult, Verdict } from './criterion-verdict.ts'
import type { Objection, RunRecord } from './run-record.ts'

/** Exit codes of scripts/accept.sh, and of the reporter and the seal that it calls. */
export const ACCEPT_EXIT = {
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
  /** Whether the tree is clean now; the run's record says whether it was before. */
  clean: boolean
  /** Of a pull request GitHub tests a merge that is in no branch. */
  isPullRequest: boolean
  /** Exit codes of the steps before: the specs, and injecting the faults. */
  specsExit: number
  proveExit: number
  /** Accept a run in which some criteria have no spec yet. */
  soFar: boolean
}

export interface Decision {
  verdict: 'ACCEPTED' | 'REJECTED' | 'SCOPED'
  exitCode: number
  reasons: string[]
}

/** Decides by the most serious cause; ACCEPTED only when there is none. */
export function decide(evidence: Evidence): Decision {
  const cause = causesOf(evidence).find(({ reasons }) => reasons.length > 0)
  if (cause) return { verdict: 'REJECTED', ...cause }
  return whyScoped(evidence) ?? { verdict: 'ACCEPTED', exitCode: ACCEPT_EXIT.accepted, reasons: [] }
}

interface Cause {
  exitCode: number
  /** Empty when the cause does not apply. */
  reasons: string[]
}

/** Everything that can reject a run, the most serious first. */
function causesOf({ run, seenRed, leftovers, specsExit, proveExit, soFar }: Evidence): Cause[] {
  const { contract, environment, failed, outOfTime } = ACCEPT_EXIT
  const { criteria, scope } = run
  const disturbances = objectionsTo(run, 'environment')
  const broken = idsOf(criteria, 'broken')
  const unseen = idsOf(criteria, 'proven').filter((id) => !seenRed.has(id))
  const missing = scope === 'full' && !soFar ? idsOf(criteria, 'missing') : []
  return [
    when(isOutOfTime(specsExit) || isOutOfTime(proveExit), outOfTime, 'a step ran out of its time'),
    when(specsExit === environment, environment, 'the stack broke while the specs ran', ...disturbances),
    when(broken.length > 0, failed, `broken: ${broken.join(' ')}`, ...disturbances),
    { exitCode: environment, reasons: disturbances },
    when(leftovers.length > 0, environment, `left behind: ${leftovers.join(', ')}`),
    { exitCode: contract, reasons: objectionsTo(run, 'contract') },
    when(specsExit !== 0, environment, `Vitest ended with exit code ${specsExit} although no test failed`),
    when(unseen.length > 0, contract, `never seen red: ${unseen.join(' ')}`),
    when(proveExit > 2, environment, `npm run prove ended with exit code ${proveExit}`),
    when(proveExit !== 0, contract, `npm run prove ended with exit code ${proveExit}`),
    when(missing.length > 0, contract, `no spec yet: ${missing.join(' ')}`),
  ]
}

function objectionsTo({ objections }: RunRecord, side: Objection['against']): string[] {
  return objections.filter(({ against }) => against === side).map(({ why }) => why)
}

function when(applies: boolean, exitCode: number, ...reasons: string[]): Cause {
  return { exitCode, reasons: applies ? reasons : [] }
}

/** For a run in which nothing is wrong, but which is not the whole. */
function whyScoped({ run, clean, isPullRequest, soFar }: Evidence): Decision | undefined {
  const missing = idsOf(run.criteria, 'missing')
  const reasons = [
    ...(run.scope === 'scoped' ? ['a filter left tests out'] : []),
    ...(run.subject.clean && clean ? [] : ['the tree is not clean']),
    ...(isPullRequest ? ['it is of a pull request'] : []),
    ...(missing.length > 0 ? [`${missing.length} criteria have no spec yet`] : []),
  ]
  if (reasons.length === 0) return undefined
  const isAllSoFar = soFar && run.scope === 'full'
  return { verdict: 'SCOPED', exitCode: isAllSoFar ? ACCEPT_EXIT.accepted : ACCEPT_EXIT.scoped, reasons }
}

function idsOf(results: CriterionResult[], wanted: Verdict): string[] {
  return results.filter(({ verdict }) => verdict === wanted).map(({ id }) => id)
}

/** The exit codes of timeout(1): 124 when TERM was enough, 137 when it took KILL. */
export function isOutOfTime(exitCode: number): boolean {
  return exitCode === 124 || exitCode === 137
}
