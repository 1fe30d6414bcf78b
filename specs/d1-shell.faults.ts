import { edit, faults } from '../harness/setup.ts'

const GATE = 'scripts/check-shell.sh'

export default faults([
  {
    criterion: 'D1.1.1',
    breaks: 'a script of the project has an unquoted word',
    plant: edit(
      'scripts/migrate.sh',
      '"$HMA_ROOT/migrations/runner/main.ts"',
      '$HMA_ROOT/migrations/runner/main.ts',
    ),
  },
  {
    criterion: 'D1.1.1',
    breaks: 'the gate ends well whatever it found',
    plant: edit(GATE, 'exit "$failed"', 'exit 0'),
  },
  {
    criterion: 'D1.1.1',
    breaks: 'shellcheck is not asked',
    plant: edit(GATE, 'bounded 60 shellcheck --external-sources --format=gcc "${files[@]}"', 'true'),
  },
  {
    criterion: 'D1.1.1',
    breaks: 'shfmt is not asked',
    plant: edit(GATE, '$(bounded 60 shfmt -l -i 2 -ci "${files[@]}")', ''),
  },
  {
    criterion: 'D1.1.1',
    breaks: 'only names that end in .sh are looked at',
    plant: edit(GATE, 'FILENAME ~ /\\.sh$/ || /^#!.*bash/', 'FILENAME ~ /\\.sh$/'),
  },
])
