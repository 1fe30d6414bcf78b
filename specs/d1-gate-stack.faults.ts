import { edit, faults } from '../harness/setup.ts'

const STEPS = 'stack/gate/steps.ts'

export default faults({
  'D1.2.1': {
    'the restore test does not know the option that the weekly verification gives it': edit(
      'ops/backup/commands.ts',
      "'restore-test': { ...json, ...jobs, ...within(720) },",
      "'restore-test': { ...json, ...jobs },",
    ),
  },
  'D1.1.3': {
    'the set-up of the gate starts another stack than the smoke test asks': edit(
      STEPS,
      "['scripts/setup-dev-environment.sh', '--yes']",
      "['scripts/setup-dev-environment.sh', '--variant', 'test', '--yes']",
    ),
    'the data of the gate stay after it': edit(
      STEPS,
      "['scripts/teardown.sh', '--data']",
      "['scripts/teardown.sh']",
    ),
    'after a set-up that failed the other steps run, too': edit(
      'stack/gate/main.ts',
      'hasFailed && !step.runsAfterFailure',
      'false',
    ),
  },
})
