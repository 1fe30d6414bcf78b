import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.1': {
    'a set-up goes on without a database': edit(
      'stack/setup/stack.ts',
      'exitCode !== 0 || unhealthy.length > 0',
      'false',
    ),
  },
})
