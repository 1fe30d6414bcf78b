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
    'a link leads into a folder that is not in a clone': edit(
      'docs/schedule.md',
      'read by croner:',
      'read by [croner](../node_modules/croner/README.md):',
    ),
    'an anchor leads nowhere': edit(
      'docs/runbooks/operations.md',
      'all volumes. What to do when it is full: [Full disk](../recovery-drills.md#full-disk',
      'all volumes. What to do when it is full: [Full disk](../recovery-drills.md#disk-full',
    ),
    'a link with a title leads nowhere': edit(
      'docs/runbooks/operations.md',
      '[migrations.md](../migrations.md)',
      '[migrations.md](../migration.md "The rules")',
    ),
    'a link is defined nowhere': edit(
      'docs/runbooks/onboarding.md',
      '[CONTRIBUTING.md](../../CONTRIBUTING.md)',
      '[CONTRIBUTING.md][contributing]',
    ),
    'a definition of a link leads nowhere': edit(
      'CONTRIBUTING.md',
      '## What a failure means\n',
      '[recipes]: docs/recipes.md\n\n## What a failure means\n',
    ),
    'a document names a file that was renamed': edit(
      'docs/runbooks/onboarding.md',
      '`seeds/people.sql`',
      '`seeds/users.sql`',
    ),
    'a picture names a file that does not exist': edit(
      'docs/architecture.md',
      'globalSetup (specs/global-setup.ts)',
      'globalSetup (specs/setup.ts)',
    ),
  },
})
