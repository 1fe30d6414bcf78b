import { edit, faults } from '../harness/setup.ts'

export default faults({
  'B1.2.3': {
    'the job prepares this month and no other': edit(
      'ops/audit/commands.ts',
      'select audit.ensure_partitions()',
      'select audit.ensure_partitions(0)',
    ),
  },
  'B1.2.6': {
    'the job does not pass on how many months are kept': edit(
      'ops/audit/commands.ts',
      '[keepMonths]',
      '[24]',
    ),
    'the job keeps fewer months than it says it does': edit(
      'ops/audit/options.ts',
      `default: '24'`,
      `default: '23'`,
    ),
  },
  'B1.2.7': {
    'the job does not pass on the head': edit('ops/audit/commands.ts', '[expected ?? null]', '[null]'),
    'the job takes an empty head for none': edit(
      'ops/audit/options.ts',
      'z.string().regex(/^[0-9a-f]{64}$/i)',
      'z.string()',
    ),
    'the job ends with 0 whatever it finds': edit(
      'ops/audit/commands.ts',
      'count === 0 ? 0 : EXIT.failed',
      '0',
    ),
    'the job prints the first head and not the last': edit(
      'ops/audit/commands.ts',
      'order by number desc limit 1',
      'order by number limit 1',
    ),
  },
})
