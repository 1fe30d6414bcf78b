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
  },
  'H1.1.2': {
    'a block has no language': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\n',
      '```\n',
    ),
    'a block is only indented': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\nscripts/setup-dev-environment.sh --observability\n```\n',
      '    scripts/setup-dev-environment.sh --observability\n',
    ),
    'commands are called a text': edit(
      'docs/quality-gate.md',
      '```sh not run: the whole takes 20 minutes and more; the specs run it step by step\n',
      '```text\n',
    ),
    'a block says that it is run, and no spec types it': edit(
      'README.md',
      '```sh not run: some never end; each command has criteria of its own\n',
      '```sh run within=60\n',
    ),
    'the page on the gate misspells an option': edit(
      'docs/quality-gate.md',
      'scripts/gate.sh --list ',
      'scripts/gate.sh --lst ',
    ),
    'a block that is not run names a script that does not exist': edit(
      'README.md',
      'scripts/teardown.sh          # stops',
      'scripts/stop.sh              # stops',
    ),
  },
})
