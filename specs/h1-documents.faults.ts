import { edit, faults } from '../harness/setup.ts'

export default faults({
  'H1.0.1': {
    'the README does not link to the plan': edit(
      'README.md',
      '[docs/workstreams.md](docs/workstreams.md)',
      'docs/workstreams.md',
    ),
    'the README does not link to what is left': edit(
      'README.md',
      '[MVP_TODO.md](MVP_TODO.md)',
      'MVP_TODO.md',
    ),
    'a link leads nowhere': edit('CONTRIBUTING.md', '(docs/acceptance.md)', '(docs/criteria.md)'),
    'an anchor leads nowhere': edit(
      'docs/runbooks/operations.md',
      'recovery-drills.md#full-disk',
      'recovery-drills.md#disk-full',
    ),
  },
})
