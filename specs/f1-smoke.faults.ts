import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'F1.2.1',
    breaks: 'a service that is down is told of, and the exit code says that all is well',
    plant: edit('smoke/main.ts', '0 : EXIT.failed', '0 : 0'),
  },
  {
    criterion: 'F1.2.1',
    breaks: 'the limit of time is for show',
    plant: edit('smoke/probe.ts', 'AbortSignal.timeout(withinMs)', 'AbortSignal.timeout(20 * withinMs)'),
  },
  {
    criterion: 'F1.2.1',
    breaks: 'nobody waits as long as was asked',
    plant: edit('smoke/probe.ts', 'AbortSignal.timeout(withinMs)', 'AbortSignal.timeout(1)'),
  },
  {
    criterion: 'F1.2.1',
    breaks: 'any status will do',
    plant: edit('smoke/ml.ts', 'reply.status !== 200', 'reply.status < 200'),
  },
  {
    criterion: 'F1.2.1',
    breaks: 'any answer of health is a good one',
    plant: edit('smoke/ml.ts', "status: z.literal('ok'),", 'status: z.string(),'),
  },
  {
    criterion: 'F1.2.1',
    breaks: 'the models are not asked for',
    plant: edit('smoke/ml.ts', '`${url}/models`, Page', '`${url}/health`, z.any()'),
  },
  {
    criterion: 'F1.2.1',
    breaks: 'a model may be anything',
    plant: edit('smoke/ml.ts', 'version: z.string().regex(/^\\d+\\.\\d+\\.\\d+$/)', 'version: z.string()'),
  },
])
