import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.4': {
    'a client waits far beyond its time limit': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(20 * withinMs)',
    ),
    'a client fails as soon as its connection is slow': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(withinMs / 200)',
    ),
  },
})
