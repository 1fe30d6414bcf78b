// Values that the tests of the sign-off share.
import { type AcceptanceList, parseList } from './acceptance-list.ts'
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

export function passed(title: string, changes: Partial<TestResult> = {}): TestResult {
  const result = {
    file: 'specs/b1.spec.ts',
    state: 'passed',
    fails: false,
    retries: 0,
    filtered: false,
  } as const
  return { title, ...result, durationMs: 1, ...changes }
}

export function results(tests: TestResult[], changes: Partial<RunResults> = {}): RunResults {
  return {
    tests,
    fileErrors: new Map(),
    unhandled: [],
    inFilesLeftOut: new Set(),
    unloaded: new Map(),
    ...changes,
  }
}

export function criterion(id: string, verdict: CriterionResult['verdict'], reason = ''): CriterionResult {
  return { id, verdict, reason, tests: [], files: [`${id}.spec.ts`], durationMs: 0 }
}

/** A full run on a clean tree in which everything was proven. */
export function runRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    state: 'COMPLETE',
    run: 'a run',
    startedAt: '',
    subject: { commit: 'c', tree: 't', clean: true },
    listHash: list.hash,
    scope: 'full',
    criteria: list.criteria.map(({ id }) => criterion(id, 'proven')),
    objections: [],
    counts: { passed: 3, failed: 0, notRun: 0 },
    ...changes,
  }
}
