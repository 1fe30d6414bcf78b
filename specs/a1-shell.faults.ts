import { edit, faults } from '../harness/setup.ts'

const LIB = 'scripts/lib.sh'

export default faults({
  'A1.4.7': {
    'cd follows CDPATH': edit(LIB, 'unset CDPATH ', 'unset '),
    'a file is not written where noclobber is set': edit(LIB, 'set +o noclobber +o noglob', 'set +o noglob'),
    'aliases of BASH_ENV count': edit(LIB, 'unalias -a\n', ''),
    'words are split as the caller wants': edit(LIB, "IFS=$' \\t\\n'\n", ''),
    'npm leaves development packages out': edit('scripts/dependencies.sh', '--include=dev ', ''),
    'NODE_ENV reaches npm': edit(LIB, '^NODE_(EXTRA_CA_CERTS|', '^NODE_(ENV|EXTRA_CA_CERTS|'),
    'node loads what NODE_OPTIONS names': edit(
      LIB,
      '^NODE_(EXTRA_CA_CERTS|',
      '^NODE_(OPTIONS|EXTRA_CA_CERTS|',
    ),
    'compose starts the profiles of the caller': edit(
      LIB,
      ' "${!COMPOSE_@}"',
      ' COMPOSE_FILE COMPOSE_ENV_FILES',
    ),
    "libpq's settings reach the stack of this folder": edit(LIB, ' || unset "${!PG@}"', ' || true'),
    'an incomplete installation counts as complete': edit(
      'scripts/dependencies.sh',
      ' && -x node_modules/.bin/vitest',
      '',
    ),
  },
})
