import { edit, faults } from '../harness/setup.ts'

const GATE = '.github/workflows/quality-gate.yml'
const WEEKLY = '.github/workflows/backup-verification.yml'
const CHECK = 'scripts/check-workflows.sh'
const STEPS = 'stack/gate/steps.ts'
const DOWNLOAD = 'actions/download-artifact@634f93cb2916e3fdff6788551b99b062d0335ce0'

export default faults({
  'D1.0.4': {
    'an action is not pinned': edit(GATE, DOWNLOAD, 'actions/download-artifact@v5'),
    'an action names no version': edit(GATE, `${DOWNLOAD} # v5.0.0`, DOWNLOAD),
    'an action is of another commit than that of its version': edit(
      GATE,
      DOWNLOAD,
      DOWNLOAD.replace('634f93', '634f94'),
    ),
    'the check-out of a job leaves its credentials': edit(
      GATE,
      '          persist-credentials: false\n      - name: Verdict\n',
      '          persist-credentials: true\n      - name: Verdict\n',
    ),
    'a job may write': edit(
      GATE,
      '    timeout-minutes: 70\n    permissions:\n      contents: read',
      '    timeout-minutes: 70\n    permissions:\n      contents: write',
    ),
    'every job may write by default': edit(GATE, 'permissions: {}', 'permissions: write-all'),
    'pull requests run with the rights of the repository': edit(
      GATE,
      '  pull_request:\n',
      '  pull_request_target:\n',
    ),
    'a secret is read': edit(WEEKLY, '  HMA_YES: "1"', '  HMA_YES: "1"\n  KEY: ${{ secrets.KEY }}'),
    'a secret is read by its name in brackets': edit(
      WEEKLY,
      '  HMA_YES: "1"',
      '  HMA_YES: "1"\n  KEY: ${{ secrets[\'KEY\'] }}',
    ),
    'the token is read by its name in brackets': edit(
      GATE,
      'PART: ${{ matrix.part }}/4',
      "PART: ${{ matrix.part }}/4\n      GH: ${{ github['token'] }}",
    ),
    'zizmor is not run': edit(CHECK, 'bounded 60 .venv/bin/zizmor', 'true .venv/bin/zizmor'),
    'actionlint is not run': edit(CHECK, 'bounded 60 .venv/bin/actionlint', 'true .venv/bin/actionlint'),
    'the check exits with 0 whatever it finds': edit(CHECK, 'exit "$failed"', 'exit 0'),
  },
  'D1.0.5': {
    'the workflow leaves a step out': edit(
      GATE,
      '      - name: Shell\n        run: scripts/gate.sh --only shell\n        timeout-minutes: 4\n',
      '',
    ),
    'the gate leaves a step out': edit(
      STEPS,
      "    check('shell', 3 * MINUTE, ['scripts/check-shell.sh']),\n",
      '',
    ),
    'the workflow lists a step and does not run it': edit(
      GATE,
      'run: scripts/gate.sh --only smoke\n',
      'run: scripts/gate.sh --only smoke --list\n',
    ),
    'the shell of a step hides that it failed': edit(
      GATE,
      '      - name: SQL\n',
      '      - name: SQL\n        shell: bash {0} || true\n',
    ),
    'a check asks a program for its version': edit(STEPS, "['tsc']", "['tsc', '--version']"),
    'the unit tests are not run': edit(
      STEPS,
      "['vitest', 'run', '--project', 'unit']",
      "['vitest', '--version']",
    ),
    'the workflow does something of its own': edit(
      GATE,
      'run: scripts/gate-verdict.sh',
      'run: scripts/gate-verdict.sh && npm audit',
    ),
    'the workflow removes the stack after a failure alone': edit(
      GATE,
      '        if: always()\n        run: scripts/gate.sh --only teardown\n',
      '        if: failure()\n        run: scripts/gate.sh --only teardown\n',
    ),
    'every machine of the workflow injects the faults of the first part': edit(
      GATE,
      '        run: scripts/gate.sh --only faults --shard "$PART"\n',
      '        run: scripts/gate.sh --only faults --shard "$PART"\n        env: { PART: 1/4 }\n',
    ),
    'the machines of the workflow inject every fault, and the local command the first of each criterion':
      edit(
        STEPS,
        "['scripts/accept.sh', 'faults', '--first', ...ofPart]",
        "['scripts/accept.sh', 'faults', ...(part === undefined ? ['--first'] : ofPart)]",
      ),
    'the workflow skips a step on a condition': edit(
      GATE,
      '      - name: SQL\n',
      "      - name: SQL\n        if: github.event_name == 'push'\n",
    ),
  },
})
