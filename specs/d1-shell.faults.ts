import { edit, faults } from '../harness/setup.ts'

const CHECK = 'scripts/check-shell.sh'

export default faults({
  'D1.1.1': {
    'a script of the project has an unquoted word': edit(
      'scripts/migrate.sh',
      '"$HMA_ROOT/migrations/runner/main.ts"',
      '$HMA_ROOT/migrations/runner/main.ts',
    ),
    'the check exits with 0 whatever it finds': edit(CHECK, 'exit "$failed"', 'exit 0'),
    'shellcheck is not run': edit(CHECK, 'bounded 60 shellcheck', 'true shellcheck'),
    'shfmt is not run': edit(CHECK, '$(bounded 60 shfmt -l -i 2 -ci "${files[@]}")', ''),
    'only files whose names end in .sh are checked': edit(CHECK, ' || /^#!.*bash/', ''),
  },
})
