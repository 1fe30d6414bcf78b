import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.1': {
    'a set-up that fails does not ask the doctor why': edit(
      'stack/setup/explain.ts',
      "filter(({ state }) => state !== 'ok')",
      'filter(() => false)',
    ),
  },
})
