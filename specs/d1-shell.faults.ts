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
    'only files whose names end in .sh are checked': edit(CHECK, ' || /^#!.*[\\/ ](ba|da|k)?sh( |$)/', ''),
    'scripts of sh are not checked': edit(CHECK, '(ba|da|k)?sh( |$)', '(ba)sh( |$)'),
    'the script of CI and those of the images are not checked': edit(
      CHECK,
      '--exclude-standard -z',
      "--exclude-standard -z -- . ':!.ci' ':!docker/stand-ins'",
    ),
    'what git ignores is checked': edit(CHECK, '--others --exclude-standard', '--others'),
    'a script that is not committed is not checked': edit(CHECK, ' --others --exclude-standard', ''),
    'an exit code that nobody reads is no defect': edit(
      '.shellcheckrc',
      'enable=check-extra-masked-returns\n',
      '',
    ),
    'files that are sourced are not checked': edit(CHECK, ' || /^# shellcheck shell=/', ''),
    'a defect that the shell step finds does not fail its job on github': edit(
      '.github/workflows/quality-gate.yml',
      '        run: scripts/gate.sh --only shell\n        timeout-minutes: 4\n',
      '        run: scripts/gate.sh --only shell\n        timeout-minutes: 4\n        continue-on-error: true\n',
    ),
    'the gate does not run the check': edit(
      'stack/gate/steps.ts',
      "['scripts/check-shell.sh']",
      "['scripts/check-shell.sh', '--help']",
    ),
    'npm run check leaves a part out': edit(
      'scripts/check.sh',
      "timed 'unused code' 60 knip --no-progress || failed=1\n",
      '',
    ),
    'npm run check ignores what a part finds': edit(
      'scripts/check.sh',
      'scripts/check-sql.sh || failed=1',
      'scripts/check-sql.sh || failed=0',
    ),
    'npm run check exits with 0 whatever it finds': edit('scripts/check.sh', 'exit "$failed"', 'exit 0'),
  },
})
