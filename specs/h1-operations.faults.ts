import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'

export default faults({
  'H1.1.2': {
    'a block has no language': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\n',
      '```\n',
    ),
    'a block is only indented': edit(
      'docs/observability.md',
      '```sh not run: E1.1.1 starts the same services beside the stack of a spec\nscripts/setup-dev-environment.sh --observability\n```\n',
      '    scripts/setup-dev-environment.sh --observability\n',
    ),
    'commands are called a text': edit(
      'docs/quality-gate.md',
      '```sh not run: the whole takes 20 minutes and more; the specs run it step by step\n',
      '```text\n',
    ),
    'a block says that it is run, and no spec types it': edit(
      'README.md',
      '```sh not run: some never end; each command has criteria of its own\n',
      '```sh run within=60\n',
    ),
    'the page on the gate misspells an option': edit(
      'docs/quality-gate.md',
      'scripts/gate.sh --list ',
      'scripts/gate.sh --lst ',
    ),
    'a block that is not run names a script that does not exist': edit(
      'README.md',
      'scripts/teardown.sh          # stops',
      'scripts/stop.sh              # stops',
    ),
    'a command is misspelt': edit(OPERATIONS, 'scripts/audit.sh verify\n', 'scripts/audit.sh check\n'),
    'a block is left out, with a reason': edit(
      OPERATIONS,
      '```sh run within=60\nscripts/doctor',
      '```sh not run: the doctor is slow\nscripts/doctor',
    ),
    'the move to another machine has a block that nobody types': edit(
      OPERATIONS,
      'scripts/smoke.sh\nrm -r moved\n',
      'scripts/smoke.sh\n```\n```sh run within=30\nrm -r moved\n',
    ),
    'a block does not say how it is run': edit(OPERATIONS, '```sh run within=30\n', '```sh\n'),
    'a new password is not given to the role': edit(
      OPERATIONS,
      'scripts/compose.sh run --rm --no-deps migrate\n',
      '',
    ),
    'a section is renamed': edit(OPERATIONS, '## On call\n', '## Alerts\n'),
    'the objects do not reach the other machine': edit(
      OPERATIONS,
      'find /data -mindepth 1 -delete && tar --extract --directory /data',
      'cat >/dev/null',
    ),
    'a script that the runbook types is broken': edit(
      'scripts/audit.sh',
      'source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"\n',
      'source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"\nexit 1\n',
    ),
  },
})
