import { edit, faults } from '../harness/setup.ts'

export default faults({
  'B1.2.3': {
    'prepare creates the leaf of this month only': edit(
      'ops/audit/commands.ts',
      'select audit.ensure_partitions()',
      'select audit.ensure_partitions(0)',
    ),
  },
  'B1.2.6': {
    'remove-expired ignores the option --keep': edit('ops/audit/commands.ts', '[keep]', '[24]'),
    'the default of --keep is one month less than documented': edit(
      'ops/audit/options.ts',
      'Months.default(24)',
      'Months.default(23)',
    ),
  },
  'B1.2.7': {
    'verify ignores the option --head': edit('ops/audit/commands.ts', '[expected ?? null]', '[null]'),
    'verify accepts an empty head': edit('ops/audit/options.ts', '{64}$/i', '*$/i'),
    'verify exits with 0 whatever it finds': edit(
      'ops/audit/commands.ts',
      'count === 0 ? 0 : EXIT.failed',
      '0',
    ),
    'the job prints the first head instead of the last': edit(
      'ops/audit/commands.ts',
      'order by number desc limit 1',
      'order by number limit 1',
    ),
  },
})
