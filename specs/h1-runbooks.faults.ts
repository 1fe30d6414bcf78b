import { edit, faults } from '../harness/setup.ts'

const OPERATIONS = 'docs/runbooks/operations.md'
const DRILLS = 'docs/recovery-drills.md'

export default faults({
  'H1.1.2': {
    'a command is misspelt': edit(OPERATIONS, 'scripts/audit.sh verify\n', 'scripts/audit.sh check\n'),
    'a block does not say how it is run': edit(OPERATIONS, '```sh run within=30\n', '```sh\n'),
    'a new password is not given to the role': edit(
      OPERATIONS,
      'scripts/compose.sh run --rm --no-deps migrate\n',
      '',
    ),
  },
  'H1.2.1': {
    'a drill states less than its block may take': edit(
      DRILLS,
      '| Lost volume | 120 s',
      '| Lost volume | 20 s',
    ),
    'a drill is missing': edit(DRILLS, '| Full disk |', '| Disk full |'),
    'a drill restores nothing': edit(DRILLS, 'scripts/audit.sh prepare\n', 'true\n'),
    'a drill restores with a command that does not exist': edit(
      DRILLS,
      'scripts/restore.sh --database hma_old\n',
      'scripts/restore.sh --into hma_old\n',
    ),
  },
})
