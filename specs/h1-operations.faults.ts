import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'

export default faults({
  'H1.1.2': {
    'a command is misspelt': edit(OPERATIONS, 'scripts/audit.sh verify\n', 'scripts/audit.sh check\n'),
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
