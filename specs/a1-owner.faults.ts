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
    'to change how many containers a foreign service has counts as looking': edit(
      'stack/compose/arguments.ts',
      "'version', 'volumes'",
      "'version', 'scale', 'volumes'",
    ),
    'to wait, and then take a foreign stack down, counts as looking': edit(
      'stack/compose/arguments.ts',
      "'version', 'volumes'",
      "'version', 'volumes', 'wait'",
    ),
    'a checkout whose path begins with the path of this one counts as this one': edit(
      'config/stack-owner.ts',
      "return real === root || real === join(root, 'docker')",
      'return real.startsWith(root)',
    ),
    'a checkout inside of this one counts as this one': edit(
      'config/stack-owner.ts',
      "real === join(root, 'docker')",
      "real.startsWith(join(root, '/'))",
    ),
    'a restore and the backups act on the stack of any checkout': edit(
      'stack/backup/main.ts',
      '  await requireOwnStack(settings.project)\n',
      '',
    ),
    'a restore to a moment acts on the stack of any checkout': edit(
      'stack/archive/main.ts',
      '  await requireOwnStack(settings.project)\n',
      '',
    ),
    'the smoke test writes into the stack of any checkout': edit(
      'stack/smoke/main.ts',
      '  await requireOwnStack(settings.project).catch(unlessUnreachable)\n',
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
    'a word for the program of a container makes a start one that changes nothing': edit(
      'stack/compose/arguments.ts',
      "command === 'run' ? optionsOfRun(words) : beforeDashes(words)",
      'beforeDashes(words)',
    ),
    'the doctor does not look whose stack it is': edit(
      'stack/doctor/compose-project.ts',
      'if (other === undefined) return',
      'if (other !== root) return',
    ),
  },
})
