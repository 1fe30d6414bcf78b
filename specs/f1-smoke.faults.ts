import { edit, faults } from '../harness/setup.ts'

export default faults({
  'F1.2.1': {
    'a service that is down is told of, and the exit code says that all is well': edit(
      'stack/smoke/main.ts',
      'hasFailed ? EXIT.failed : 0',
      'hasFailed ? 0 : 0',
    ),
    'the limit of time is for show': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(20 * withinMs)',
    ),
    'nobody waits as long as was asked': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(1)',
    ),
    'any status will do': edit('stack/smoke/ml.ts', 'reply.status !== 200', 'reply.status < 200'),
    'any answer of health is a good one': edit(
      'stack/smoke/ml.ts',
      "status: z.literal('ok'),",
      'status: z.string(),',
    ),
    'the models are not asked for': edit(
      'stack/smoke/ml.ts',
      '`${url}/models`, Page',
      '`${url}/health`, z.any()',
    ),
    'a model may be anything': edit(
      'stack/smoke/ml.ts',
      'version: z.string().regex(/^\\d+\\.\\d+\\.\\d+$/)',
      'version: z.string()',
    ),
  },
})
