import { edit, faults } from '../harness/setup.ts'

export default faults({
  'E1.0.1': {
    'a hit rate of nought is shown as none': edit(
      'ops/stats/text.ts',
      'return share === null ?',
      'return !share ?',
    ),
    'no hit rate is shown as one of nought': edit(
      'ops/stats/text.ts',
      'return share === null ?',
      'return Number.isNaN(share) ?',
    ),
  },
  'E1.0.2': {
    'a Redis that is still loading its data is called gone': edit(
      'ops/stats/cache.ts',
      '(?:BUSY|LOADING)',
      '(?:BUSY)',
    ),
  },
})
