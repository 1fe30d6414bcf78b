import { edit, faults } from '../harness/setup.ts'

const RUNBOOK = 'docs/runbooks/onboarding.md'

export default faults({
  'H1.0.2': {
    'the set-up ends before the stack is up': edit(
      'scripts/setup-dev-environment.sh',
      'cd "$HMA_ROOT"\n',
      'cd "$HMA_ROOT"\nexit 3\n',
    ),
    'the runbook does not begin with the set-up': edit(
      RUNBOOK,
      '```sh run within=540\nscripts/setup-dev-environment.sh --yes\n',
      '```sh run within=540\nscripts/dependencies.sh\n',
    ),
  },
  'H1.1.1': {
    'a command is misspelt': edit(RUNBOOK, 'scripts/env.sh where ', 'scripts/env.sh places '),
    'a block is not run': edit(RUNBOOK, '```sh run within=120\n', '```sh not run: it takes too long\n'),
    'a block has no language, and is not run': edit(RUNBOOK, '```sh run within=120\n', '```\n'),
    'a query names a table that does not exist': edit(RUNBOOK, 'from auth.users', 'from auth.people'),
  },
})
