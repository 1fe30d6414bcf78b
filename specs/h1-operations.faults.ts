import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'

export default faults({
  'H1.1.2': {
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
