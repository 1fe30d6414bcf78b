import { edit, faults } from '../harness/setup.ts'

const STEPS = 'stack/gate/steps.ts'
const SMOKE = "['scripts/smoke.sh']"

export default faults({
  'D1.1.3': {
    'the smoke test is left out': edit(STEPS, SMOKE, "['true']"),
    'the migrations are only listed': edit(STEPS, "['scripts/migrate.sh', 'apply'], ", ''),
    'the command of the plan is not validated': edit(STEPS, '    [...compose, ...render],\n', ''),
    'the compose file is not valid': edit(
      'docker/docker-compose.yml',
      'services:\n',
      'services: []\nx-services:\n',
    ),
    'the stack is kept': edit(STEPS, "['scripts/teardown.sh', '--data']", "['true']"),
  },
  'F1.2.2': {
    'the workflow runs no smoke test': edit(
      '.github/workflows/quality-gate.yml',
      'run: scripts/gate.sh --only smoke\n',
      'run: scripts/gate.sh --only compose\n',
    ),
    'the gate tests everything but the ML stub': edit(
      STEPS,
      SMOKE,
      "['scripts/smoke.sh', '--only', 'postgres']",
    ),
  },
})
