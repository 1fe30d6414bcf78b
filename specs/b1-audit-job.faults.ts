import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'B1.2.3',
    breaks: 'the job prepares this month and no other',
    plant: edit('audit/commands.ts', 'select audit.ensure_partitions()', 'select audit.ensure_partitions(0)'),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'the job does not pass on how many months are kept',
    plant: edit('audit/commands.ts', '[keepMonths]', '[24]'),
  },
  {
    criterion: 'B1.2.6',
    breaks: 'the job keeps fewer months than it says it does',
    plant: edit('audit/options.ts', `default: '24'`, `default: '23'`),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the job does not pass on the head',
    plant: edit('audit/commands.ts', '[expected ?? null]', '[null]'),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the job takes an empty head for none',
    plant: edit('audit/options.ts', 'z.string().regex(/^[0-9a-f]{64}$/i)', 'z.string()'),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the job ends with 0 whatever it finds',
    plant: edit('audit/commands.ts', 'count === 0 ? 0 : EXIT.failed', '0'),
  },
  {
    criterion: 'B1.2.7',
    breaks: 'the job prints the first head and not the last',
    plant: edit('audit/commands.ts', 'order by number desc limit 1', 'order by number limit 1'),
  },
])
