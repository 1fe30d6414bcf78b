import { edit, faults } from '../harness/setup.ts'

const LIB = 'scripts/lib.sh'

export default faults({
  'A1.4.7': {
    'cd follows CDPATH': edit(LIB, 'unset CDPATH ', 'unset '),
    'a script changes its folder before it unsets CDPATH': edit(
      'scripts/migrate.sh',
      'source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"',
      'cd "$(dirname "${BASH_SOURCE[0]}")/.."\nsource "$(dirname "${BASH_SOURCE[0]}")/lib.sh"',
    ),
    'a file is not written where noclobber is set': edit(LIB, 'set +o noclobber +o noglob', 'set +o noglob'),
    'aliases of BASH_ENV count': edit(LIB, 'unalias -a\n', ''),
    'words are split as the caller wants': edit(LIB, "IFS=$' \\t\\n'\n", ''),
    'npm leaves development packages out': edit('scripts/dependencies.sh', '--include=dev ', ''),
    'npm makes no programs for a user who has turned them off': edit(
      'scripts/dependencies.sh',
      ' --bin-links',
      '',
    ),
    'npm only says what it would install': edit('scripts/dependencies.sh', ' --no-dry-run', ''),
    'NODE_ENV reaches npm': edit(LIB, '^NODE_(EXTRA_CA_CERTS|', '^NODE_(ENV|EXTRA_CA_CERTS|'),
    'node loads what NODE_OPTIONS names': edit(
      LIB,
      '^NODE_(EXTRA_CA_CERTS|',
      '^NODE_(OPTIONS|EXTRA_CA_CERTS|',
    ),
    'node verifies no certificate where the caller says so': edit(
      LIB,
      '^NODE_(EXTRA_CA_CERTS|',
      '^NODE_(TLS_REJECT_UNAUTHORIZED|EXTRA_CA_CERTS|',
    ),
    'an option of an exported BASHOPTS stays on': edit(LIB, '*) shopt -u "$name" ;;', '*) ;;'),
    'an option of an exported SHELLOPTS stays on': edit(LIB, ' +o keyword', ''),
    'an exported function runs in the place of a command': edit(
      LIB,
      'do unset -f "$name"; done',
      'do :; done',
    ),
    'Bash behaves like an older one': edit(LIB, ' BASH_COMPAT', ''),
    'git works on the repository of a hook': edit(LIB, ' "${!GIT_@}"', ''),
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
