import { edit, faults } from '../harness/setup.ts'

const GATE = 'scripts/check-shell.sh'

export default faults({
  'D1.1.1': {
    'a script of the project has an unquoted word': edit(
      'scripts/migrate.sh',
      '"$HMA_ROOT/migrations/runner/main.ts"',
      '$HMA_ROOT/migrations/runner/main.ts',
    ),
    'the gate ends well whatever it found': edit(GATE, 'exit "$failed"', 'exit 0'),
    'shellcheck is not asked': edit(
      GATE,
      'bounded 60 shellcheck --external-sources --format=gcc "${files[@]}"',
      'true',
    ),
    'shfmt is not asked': edit(GATE, '$(bounded 60 shfmt -l -i 2 -ci "${files[@]}")', ''),
    'only names that end in .sh are looked at': edit(
      GATE,
      'FILENAME ~ /\\.sh$/ || /^#!.*bash/',
      'FILENAME ~ /\\.sh$/',
    ),
  },
})
