// From tests to the verdicts of criteria. Pure, so that every way to a false green has a test of its own.
import { type AcceptanceList, numberOf } from './acceptance-list.ts'

export interface TestResult {
  title: string
  file: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  /** Marked `test.fails`, which Vitest reports as passed. */
  fails: boolean
  retries: number
  /** Left out by a filter of this run, not by its author. */
  filtered: boolean
  durationMs: number
}

export interface RunResults {
  tests: TestResult[]
  /** By file: an error outside of its tests. The tests may all have passed. */
  fileErrors: ReadonlyMap<string, string>
  /** Errors that belong to no file. With one of them nothing of the run can be trusted. */
  unhandled: string[]
  /** Criteria that have tests in files this run left out. */
  inFilesLeftOut: ReadonlySet<string>
  /** By criterion with tests in a file that could not be loaded: that file. */
  unloaded: ReadonlyMap<string, string>
}

export type Verdict = 'proven' | 'broken' | 'missing'

export interface CriterionResult {
  id: string
  verdict: Verdict
  /** Why it is not proven; empty when it is. */
  reason: string
  tests: string[]
  /** Spec files with its tests. */
  files: string[]
  durationMs: number
}

/** The reason of a criterion that has no test anywhere. */
export const NO_SPEC = 'has no spec yet'

/** True for a criterion that this run left out, and that has a spec. */
export function isLeftOut({ verdict, reason }: CriterionResult): boolean {
  return verdict === 'missing' && reason !== NO_SPEC
}

/** True for a criterion that has no spec. */
export function hasNoSpec({ verdict, reason }: CriterionResult): boolean {
  return verdict === 'missing' && reason === NO_SPEC
}

/** A verdict for each criterion of the list: proven only when each of its tests ran and passed at the first attempt. */
export function judgeCriteria({ criteria }: AcceptanceList, run: RunResults): CriterionResult[] {
  return criteria.map(({ id }) => {
    const own = run.tests.filter(({ title }) => numberOf(title) === id)
    return {
      id,
      ...judgeCriterion(id, own, run),
      tests: own.map(({ title }) => title),
      files: [...new Set(own.map(({ file }) => file))],
      durationMs: Math.round(own.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    }
  })
}

/** Titles whose number is not in the list, or that start with something like a number. */
export function titlesWithUnknownNumber({ criteria }: AcceptanceList, tests: TestResult[]): string[] {
  const known = new Set(criteria.map(({ id }) => id))
  return tests
    .map(({ title }) => title)
    .filter((title) => isNumbered(title) && !known.has(numberOf(title) ?? ''))
}

/** True for a title that starts like a criterion's. A test without a number checks what the specs rely on. */
export function isNumbered(title: string): boolean {
  return /^\W*[a-z]\d+[.:_-]\d/i.test(title)
}

function judgeCriterion(
  id: string,
  own: TestResult[],
  run: RunResults,
): { verdict: Verdict; reason: string } {
  const unloaded = run.unloaded.get(id)
  const broken =
    own.map((test) => whyBroken(test, run)).find((why) => why !== '') ??
    (unloaded && `its file could not be loaded: ${unloaded}`)
  if (broken !== undefined) return { verdict: 'broken', reason: broken }
  const filtered = own.find((test) => test.filtered)
  if (filtered) return { verdict: 'missing', reason: `left out of this run: ${filtered.title}` }
  if (run.inFilesLeftOut.has(id))
    return { verdict: 'missing', reason: 'left out of this run: tests in another file' }
  return own.length === 0 ? { verdict: 'missing', reason: NO_SPEC } : { verdict: 'proven', reason: '' }
}

function whyBroken(test: TestResult, { fileErrors, unhandled }: RunResults): string {
  const { title, file, state, fails, retries, filtered } = test
  if (state === 'failed') return `failed: ${title}`
  if (state !== 'passed') return filtered ? '' : `did not run: ${title}`
  if (fails) return `is expected to fail: ${title}`
  if (retries > 0) return `needed ${retries + 1} attempts: ${title}`
  const error = fileErrors.get(file) ?? unhandled[0]
  return error === undefined ? '' : `error outside of tests: ${error}`
}
