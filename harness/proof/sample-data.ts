// Values that tests of the sign-off share.
import type { AcceptanceList } from './acceptance-list.ts'
import { parseList } from './acceptance-list.ts'
import type { CriterionResult, RunResults, TestResult } from './criterion-verdict.ts'
import type { RunRecord } from './run-record.ts'

export const list: AcceptanceList = parseList(
  [
    '### B1 People',
    '- B1.1.1 One is true.',
    '- B1.1.2 Two is true.',
    '### C1 Roles',
    '- C1.0.1 Three is true.',
    '',
  ].join('\n'),
)

export function passed(title: string, but: Partial<TestResult> = {}): TestResult {
  const fact = {
    file: 'specs/b1.spec.ts',
    state: 'passed',
    fails: false,
    retries: 0,
    filtered: false,
  } as const
  return { title, ...fact, durationMs: 1, ...but }
}

export function run(tests: TestResult[], but: Partial<RunResults> = {}): RunResults {
  return { tests, tainted: new Map(), unhandled: [], elsewhere: new Set(), unloaded: new Map(), ...but }
}

export function judged(id: string, verdict: CriterionResult['verdict'], reason = ''): CriterionResult {
  return { id, verdict, reason, tests: [], files: [`${id}.spec.ts`], durationMs: 0 }
}

/** Of a full run on a clean tree in which everything was proven. */
export function candidate(but: Partial<RunRecord> = {}): RunRecord {
  return {
    state: 'COMPLETE',
    run: 'a run',
    startedAt: '',
    subject: { commit: 'c', tree: 't', clean: true },
    listHash: list.hash,
    scope: 'full',
    judged: list.criteria.map(({ id }) => judged(id, 'proven')),
    objections: [],
    counts: { passed: 3, failed: 0, notRun: 0 },
    ...but,
  }
}
