// Values that tests of the sign-off share.
import type { AcceptanceList } from './list.ts'
import { parseList } from './list.ts'
import type { Candidate } from './record.ts'
import type { Judged, RunFacts, TestFact } from './verdicts.ts'

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

export function passed(title: string, but: Partial<TestFact> = {}): TestFact {
  const fact = {
    file: 'specs/b1.spec.ts',
    state: 'passed',
    fails: false,
    retries: 0,
    filtered: false,
  } as const
  return { title, ...fact, durationMs: 1, ...but }
}

export function run(tests: TestFact[], but: Partial<RunFacts> = {}): RunFacts {
  return { tests, tainted: new Map(), unhandled: [], elsewhere: new Set(), unloaded: new Map(), ...but }
}

export function judged(id: string, verdict: Judged['verdict'], reason = ''): Judged {
  return { id, verdict, reason, tests: [], files: [`${id}.spec.ts`], durationMs: 0 }
}

/** Of a full run on a clean tree in which everything was proven. */
export function candidate(but: Partial<Candidate> = {}): Candidate {
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
