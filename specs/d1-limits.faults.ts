import { edit, faults } from '../harness/setup.ts'

const WEEKLY = '.github/workflows/backup-verification.yml'

export default faults({
  'D1.0.2': {
    'what the sign-off waits for is longer than its step': edit(
      'stack/gate/steps.ts',
      "name: 'sign-off', seconds: 5 * MINUTE",
      "name: 'sign-off', seconds: 4 * MINUTE",
    ),
    'the teardown waits as long as its step': edit('scripts/teardown.sh', 'bounded 180 ', 'bounded 240 '),
    'the images alone may take as long as what provides them': edit(
      'scripts/provide.sh',
      "timed 'images' 1500",
      "timed 'images' 3000",
    ),
    'to build a tool may take as long as the step that needs it': edit(
      'scripts/check-workflows.sh',
      'bounded 240 env',
      'bounded 600 env',
    ),
    'the weekly backup may take longer than its step': edit(
      WEEKLY,
      'scripts/backup.sh --within 9',
      'scripts/backup.sh --within 90',
    ),
    'the weekly backup has no limit of its own': edit(
      WEEKLY,
      'scripts/backup.sh --within 9',
      'scripts/backup.sh',
    ),
    'the weekly restore test has no limit of its own': edit(
      WEEKLY,
      'scripts/restore-test.sh --within 9',
      'scripts/restore-test.sh',
    ),
    'nothing limits the search for the newest tag': edit('scripts/alpha-tag.sh', 'bounded 30 git', 'git'),
    'a restore test has no limit, whatever it is given': edit(
      'ops/backup/main.ts',
      'await endWithin(within, testRestore(settings, jobs, startSteps()))',
      'await testRestore(settings, jobs, startSteps())',
    ),
  },
})
