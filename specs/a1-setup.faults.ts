import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.1': {
    'test people are forgotten': edit('stack/setup/steps.ts', "['all', '--json']", "['reference', '--json']"),
    'the newest migration is left out': edit(
      'docker/docker-compose.yml',
      'command: ["migrations/runner/main.ts", "apply"]',
      'command: ["migrations/runner/main.ts", "apply", "--to", "0012"]',
    ),
    'a smoke test that fails is passed over': edit(
      'stack/setup/steps.ts',
      'failed !== undefined',
      'failed === null',
    ),
  },
  'A1.0.2': {
    'the stack is started anew each time': edit(
      'stack/setup/containers.ts',
      '[...hashes].every(isThere)',
      'hashes.size === 0',
    ),
    'the smoke test leaves an object of its own each time': edit(
      'stack/smoke/store.ts',
      'await get().catch(async (error: Error) => {',
      "await Promise.reject(new Error()).catch(async (error: Error) => { error.name = 'NoSuchKey'",
    ),
    'it says that nothing changed, whatever it did': edit(
      'stack/setup/up.ts',
      'changed: changed.length > 0, what',
      'changed: false, what',
    ),
    'two set-ups do the same side by side': edit(
      'scripts/setup-dev-environment.sh',
      'alone .hma/setup.lock ||',
      'true ||',
    ),
  },
})
