import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.4': {
    'a client waits for a store as long as it takes': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(20 * withinMs)',
    ),
    'a client gives a store up as soon as its line is slow': edit(
      'stack/smoke/probe.ts',
      'AbortSignal.timeout(withinMs)',
      'AbortSignal.timeout(withinMs / 25)',
    ),
  },
})
