import { edit, faults } from '../harness/setup.ts'

const RUNBOOK = 'docs/runbooks/onboarding.md'

export default faults({
  'H1.0.2': {
    'the set-up waits for an answer that nobody gives': edit(
      'scripts/setup-dev-environment.sh',
      'cd "$HMA_ROOT"\n',
      'cd "$HMA_ROOT"\nexit 3\n',
    ),
  },
  'H1.1.1': {
    'a command is misspelt': edit(RUNBOOK, 'scripts/env.sh where ', 'scripts/env.sh places '),
  },
})
