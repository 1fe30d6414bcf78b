import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.9': {
    'compose.sh acts on the stack of any checkout': edit(
      'stack/compose/main.ts',
      'if (changesStack(command))',
      'if (changesStack(command) && false)',
    ),
    'to execute a command in a foreign container counts as looking': edit(
      'stack/compose/arguments.ts',
      "'version', 'volumes'",
      "'version', 'exec', 'volumes'",
    ),
    'volumes do not tell whose they are': edit(
      'stack/compose/prepare.ts',
      '`${FOLDER_LABEL}=${ROOT}`',
      '`hma.made=yes`',
    ),
    'the doctor does not look whose stack it is': edit(
      'stack/doctor/compose-project.ts',
      'if (other === undefined) return',
      'if (other !== root) return',
    ),
  },
})
