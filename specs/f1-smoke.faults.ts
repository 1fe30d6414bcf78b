import { edit, faults } from '../harness/setup.ts'

const WORKFLOW = '.github/workflows/quality-gate.yml'
const JOB = "    name: Checks and stack\n    needs: decide\n    if: needs.decide.outputs.run == 'true'\n"

export default faults({
  'F1.2.1': {
    'a failed service is printed, and the exit code is 0': edit(
      'stack/smoke/main.ts',
      'hasFailed ? EXIT.failed : 0',
      'hasFailed ? 0 : 0',
    ),
    'the time limit is twenty times as long as given': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(20 * withinMs)',
    ),
    'the time limit is shorter than given': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(1)',
    ),
    'the time limit without an option is a minute': edit(
      'stack/smoke/main.ts',
      '.default(5)',
      '.default(60)',
    ),
    'any stage of a model is accepted': edit(
      'stack/smoke/ml.ts',
      "stage: z.enum(['registered', 'staging', 'production', 'archived'])",
      'stage: z.string()',
    ),
    'a model without an artefact is accepted': edit(
      'stack/smoke/ml.ts',
      '      artefact: z.object({ uri: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),\n',
      '',
    ),
    'any HTTP status is accepted': edit('stack/smoke/ml.ts', 'reply.status !== 200', 'reply.status < 200'),
    'any status in the answer of /health is accepted': edit(
      'stack/smoke/ml.ts',
      "status: z.literal('ok'),",
      'status: z.string(),',
    ),
    'a database that is down is accepted in the answer of /health': edit(
      'stack/smoke/ml.ts',
      "status: z.literal('up')",
      'status: z.string()',
    ),
    '/models is not called': edit('stack/smoke/ml.ts', '`${url}/models`, Page', '`${url}/health`, z.any()'),
    'a service whose container was stopped is not asked': edit(
      'stack/smoke/run.ts',
      'profile === undefined || running.includes(service)',
      'running.includes(service)',
    ),
    'a version out of contract, as 1.0.0-beta, passes the smoke test': edit(
      'stack/smoke/ml.ts',
      'regex(/^\\d+\\.\\d+\\.\\d+$/)',
      'regex(/^\\d+\\.\\d+\\.\\d+/)',
    ),
    'a hash out of contract, as one with a letter too many, passes the smoke test': edit(
      'stack/smoke/ml.ts',
      'regex(/^[0-9a-f]{64}$/)',
      'regex(/^[0-9a-f]{64}/)',
    ),
    'a model with a malformed version is accepted': edit(
      'stack/smoke/ml.ts',
      'version: z.string().regex(/^\\d+\\.\\d+\\.\\d+$/)',
      'version: z.string()',
    ),
  },
  'F1.2.2': {
    'the workflow runs the job of the stack for alpha tags alone, and the smoke test with it': edit(
      WORKFLOW,
      JOB,
      JOB.replace("'true'", "'true' && github.event_name == 'push'"),
    ),
    'a job with a smoke test that failed counts as one that succeeded': edit(
      WORKFLOW,
      JOB,
      `${JOB}    continue-on-error: true\n`,
    ),
  },
})
