// From tests to verdicts. Pure, so that every way to a false green has a test of its own.
import type { AcceptanceList } from './acceptance-list.ts'
import { numberOf } from './acceptance-list.ts'

/** What is kept of a test. */
export interface TestResult {
  title: string
  file: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  /** Marked to be expected to fail, which Vitest reports as passed. */
  fails: boolean
  retries: number
  /** Left out by a filter of this run, not by its author. */
  filtered: boolean
  durationMs: number
}

/** Everything a run says about the criteria. */
export interface RunResults {
  tests: TestResult[]
  /** Files that threw outside of their tests, and what: their tests may all be green. */
  tainted: ReadonlyMap<string, string>
  /** Errors that belong to no file. One of them, and nothing of the run can be trusted. */
  unhandled: string[]
  /** Criteria that have tests in files this run left out. */
  elsewhere: ReadonlySet<string>
  /** Criteria that have tests in files which could not be loaded, and why. */
  unloaded: ReadonlyMap<string, string>
}

export type Verdict = 'proven' | 'broken' | 'missing'

export interface CriterionResult {
  id: string
  verdict: Verdict
  /** Why it is not proven; empty when it is. */
  reason: string
  tests: string[]
  /** Spec files that its tests stand in. */
  files: string[]
  durationMs: number
}

/** The reason of a criterion nobody has written a test for. */
export const NO_SPEC = 'has no spec yet'

/** One verdict for each criterion of the list: proven only when every one of its tests ran and passed at the first try. */
export function judgeCriteria({ criteria }: AcceptanceList, run: RunResults): CriterionResult[] {
  return criteria.map(({ id }) => {
    const own = run.tests.filter(({ title }) => numberOf(title) === id)
    return {
      id,
      ...judgeOne(id, own, run),
      tests: own.map(({ title }) => title),
      files: [...new Set(own.map(({ file }) => file))],
      durationMs: Math.round(own.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    }
  })
}

/** Titles with a number that is not in the list, or with something like a number that is none. */
export function titlesWithUnknownNumber({ criteria }: AcceptanceList, tests: TestResult[]): string[] {
  const known = new Set(criteria.map(({ id }) => id))
  return tests
    .map(({ title }) => title)
    .filter((title) => isNumbered(title) && !known.has(numberOf(title) ?? ''))
}

/** True for a title that starts like a criterion's; one that does not is a premise of the proofs. */
export function isNumbered(title: string): boolean {
  return /^\W*[a-z]\d+[.:_-]\d/i.test(title)
}

function judgeOne(id: string, own: TestResult[], run: RunResults): { verdict: Verdict; reason: string } {
  const unloaded = run.unloaded.get(id)
  const against =
    own.map((test) => reasonAgainst(test, run)).find((why) => why !== '') ??
    (unloaded && `its file could not be loaded: ${unloaded}`)
  if (against !== undefined) return { verdict: 'broken', reason: against }
  const filtered = own.find((test) => test.filtered)
  if (filtered) return { verdict: 'missing', reason: `left out of this run: ${filtered.title}` }
  if (run.elsewhere.has(id))
    return { verdict: 'missing', reason: 'left out of this run: tests in another file' }
  return own.length === 0 ? { verdict: 'missing', reason: NO_SPEC } : { verdict: 'proven', reason: '' }
}

function reasonAgainst(test: TestResult, { tainted, unhandled }: RunResults): string {
  const { title, file, state, fails, retries, filtered } = test
  if (state === 'failed') return `failed: ${title}`
  if (state !== 'passed') return filtered ? '' : `did not run: ${title}`
  if (fails) return `is expected to fail: ${title}`
  if (retries > 0) return `needed ${retries + 1} tries: ${title}`
  const why = tainted.get(file) ?? unhandled[0]
  return why === undefined ? '' : `error outside of tests: ${why}`
}
