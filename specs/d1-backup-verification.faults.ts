import { edit, faults } from '../harness/setup.ts'

const WEEKLY = '.github/workflows/backup-verification.yml'

export default faults({
  'D1.2.1': {
    'it runs every day': edit(WEEKLY, '17 3 * * 1', '17 3 * * *'),
    'it runs at every push': edit(WEEKLY, '  workflow_dispatch:\n', '  workflow_dispatch:\n  push:\n'),
    'it runs unless it is turned off': edit(
      WEEKLY,
      "if: vars.HMA_BACKUP_VERIFICATION == 'on'",
      "if: vars.HMA_BACKUP_VERIFICATION != 'off'",
    ),
    'by hand it runs although it was never turned on': edit(
      WEEKLY,
      "if: vars.HMA_BACKUP_VERIFICATION == 'on'",
      "if: vars.HMA_BACKUP_VERIFICATION == 'on' || github.event_name == 'workflow_dispatch'",
    ),
    'it verifies the oldest alpha version': edit(
      'scripts/alpha-tag.sh',
      '--sort=-creatordate',
      '--sort=creatordate',
    ),
    'it runs before there is an alpha version': edit(WEEKLY, "needs.decide.outputs.tag != ''", 'always()'),
    'any tag is one of an alpha version': edit('scripts/alpha-tag.sh', "--list 'alpha-*'", '--list'),
    'any tag that begins with alpha counts as an alpha tag, as alphabet does': edit(
      'scripts/alpha-tag.sh',
      "tag --list 'alpha-*' --sort",
      "tag --list 'alpha*' --sort",
    ),
    'a tag that only contains alpha counts as an alpha tag': edit(
      'scripts/alpha-tag.sh',
      "tag --list 'alpha-*' --sort",
      "tag --list '*alpha-*' --sort",
    ),
    'the highest number counts as the newest': edit(
      'scripts/alpha-tag.sh',
      '--sort=-creatordate',
      '--sort=-version:refname',
    ),
    'it verifies whatever main is': edit(WEEKLY, 'ref: ${{ needs.decide.outputs.tag }}', 'ref: main'),
    'it looks for the tag where no tag is': edit(WEEKLY, '          fetch-depth: 0\n', ''),
    'it does not hand on the tag': edit(WEEKLY, 'steps.alpha.outputs.tag', 'steps.tag.outputs.tag'),
    'nothing is restored': edit(
      WEEKLY,
      'run: scripts/restore-test.sh --within 9',
      'run: scripts/smoke.sh --within 9',
    ),
  },
})
