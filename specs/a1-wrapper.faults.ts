import { edit, faults } from '../harness/setup.ts'

const ARGUMENTS = 'stack/compose/arguments.ts'

export default faults({
  'A1.1.3': {
    'a variable of the shell chooses the image': edit('scripts/lib.sh', ' "${!HMA_IMAGE_@}"', ''),
  },
  'A1.2.2': {
    'secrets are checked for known commands alone': edit(
      ARGUMENTS,
      '![...LOOKING, ...ENDING].includes(command)',
      "['up', 'run', 'create', 'start', 'restart', 'scale'].includes(command)",
    ),
    'an option that the wrapper sets is passed on': edit(
      ARGUMENTS,
      "'--version', '-v'",
      "'--version', '-v', '--env-file', '--compatibility'",
    ),
    'an unknown option counts as a command': edit(
      ARGUMENTS,
      "word === undefined || !word.startsWith('-')",
      "word === undefined || !word.startsWith('--')",
    ),
  },
})
