// From tests to verdicts. Pure, so that every way to a false green has a test of its own.
import type { AcceptanceList } from './list.ts'
import { numberOf } from './list.ts'

/** What is kept of a test. */
export interface TestFact {
  title: string
  file: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  /** Marked to be expected to fail, which Vitest reports as passed. */
  fails: boolean
  retries: number
  durationMs: number
}

export type Verdict = 'proven' | 'broken' | 'missing'

export interface Judged {
  id: string
  verdict: Verdict
  /** Why it is not proven; empty when it is. */
  reason: string
  tests: string[]
  durationMs: number
}

/** One verdict for each criterion of the list: proven only when every one of its tests ran and passed at the first try. */
export function judgeAll({ criteria }: AcceptanceList, tests: TestFact[]): Judged[] {
  return criteria.map(({ id }) => {
    const own = tests.filter(({ title }) => numberOf(title) === id)
    const reason = own.map(reasonAgainst).find((why) => why !== '') ?? ''
    const verdict = own.length === 0 ? 'missing' : reason === '' ? 'proven' : 'broken'
    return {
      id,
      verdict,
      reason,
      tests: own.map(({ title }) => title),
      durationMs: Math.round(own.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    }
  })
}

/** Titles whose number is not in the list. */
export function strangersIn({ criteria }: AcceptanceList, tests: TestFact[]): string[] {
  const known = new Set(criteria.map(({ id }) => id))
  return tests.flatMap(({ title }) => {
    const number = numberOf(title)
    return number === undefined || known.has(number) ? [] : [title]
  })
}

function reasonAgainst({ state, fails, retries, title }: TestFact): string {
  if (state === 'failed') return `failed: ${title}`
  if (state !== 'passed') return `did not run: ${title}`
  if (fails) return `is expected to fail: ${title}`
  if (retries > 0) return `needed ${retries + 1} tries: ${title}`
  return ''
}
