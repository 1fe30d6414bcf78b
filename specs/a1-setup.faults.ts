import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'A1.0.1',
    breaks: 'test people are forgotten',
    plant: edit('setup/steps.ts', "['all', '--json']", "['reference', '--json']"),
  },
  {
    criterion: 'A1.0.1',
    breaks: 'the newest migration is left out',
    plant: edit(
      'docker/docker-compose.yml',
      'command: ["migrations/runner/main.ts", "apply"]',
      'command: ["migrations/runner/main.ts", "apply", "--to", "0012"]',
    ),
  },
  {
    criterion: 'A1.0.1',
    breaks: 'a smoke test that fails is passed over',
    plant: edit('setup/steps.ts', 'failed !== undefined', 'failed === null'),
  },
  {
    criterion: 'A1.0.2',
    breaks: 'the stack is started anew each time',
    plant: edit('setup/stack.ts', '[...hashes].every(isThere)', 'hashes.size === 0'),
  },
  {
    criterion: 'A1.0.2',
    breaks: 'the smoke test leaves an object of its own each time',
    plant: edit(
      'smoke/store.ts',
      'await get().catch(async (error: Error) => {',
      "await Promise.reject(new Error()).catch(async (error: Error) => { error.name = 'NoSuchKey'",
    ),
  },
  {
    criterion: 'A1.0.2',
    breaks: 'it says that nothing changed, whatever it did',
    plant: edit('setup/up.ts', 'changed: changed.length > 0, what', 'changed: false, what'),
  },
  {
    criterion: 'A1.0.2',
    breaks: 'two set-ups do the same side by side',
    plant: edit('scripts/setup-dev-environment.sh', 'alone .hma/setup.lock ||', 'true ||'),
  },
])
