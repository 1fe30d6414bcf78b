import { edit, faults } from '../harness/setup.ts'

const CHECK = 'scripts/check-actions.sh'
const WEEKLY = '.github/workflows/backup-verification.yml'

export default faults({
  'D1.0.4': {
    'a commit of another version is reported, and the check passes': edit(
      CHECK,
      'failed=1',
      'failed=0 # red',
    ),
    'a version that nobody made passes': edit(
      CHECK,
      'if [[ "$found" == "$commit" ]]',
      'if [[ -z "$found" || "$found" == "$commit" ]]',
    ),
    'a tag that is an object of its own is taken for the commit': edit(CHECK, 'tail -n 1', 'head -n 1'),
    'an action that is not found passes': edit(CHECK, '    die 3 "https', '    continue || die 3 "https'),
    'a list without an action passes': edit(CHECK, "  die 2 '.github", "  exit 0 || die 2 '.github"),
    'the weekly run compares no commit with its version': edit(
      WEEKLY,
      'run: scripts/check-actions.sh',
      'run: scripts/check-workflows.sh',
    ),
    'the commits are compared after the first alpha tag alone': edit(
      WEEKLY,
      '    name: Actions\n    needs: decide\n',
      "    name: Actions\n    needs: decide\n    if: needs.decide.outputs.tag != ''\n",
    ),
  },
})
