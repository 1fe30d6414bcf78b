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
    'a restore and the backups act on the stack of any checkout': edit(
      'stack/backup/main.ts',
      '  await requireOwnStack(settings.project)\n',
      '',
    ),
    'the database of any checkout is taken for that of this folder': edit(
      'config/locate.ts',
      'foreignFolder([container], [])',
      'foreignFolder([], [])',
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
