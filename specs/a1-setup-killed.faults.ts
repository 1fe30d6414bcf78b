import { edit, edits, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'A1.0.3',
    breaks: 'half a .env counts as a whole one',
    plant: edit(
      'setup/settings.ts',
      'if (missing.length === 0) return []',
      'if (written !== undefined) return []',
    ),
  },
  {
    criterion: 'A1.0.3',
    breaks: 'what was written in .env is lost when it is completed',
    plant: edit('setup/settings.ts', 'written === undefined ? ownCopyOf', 'written !== "" ? ownCopyOf'),
  },
  {
    criterion: 'A1.0.3',
    breaks: 'a container that was made and never started counts as in place',
    plant: edits(
      { file: 'setup/stack.ts', find: 'container?.isWell && ', replace: '' },
      { file: 'setup/stack.ts', find: '!isNewer(root, there)', replace: 'true' },
    ),
  },
  {
    criterion: 'A1.0.3',
    breaks: 'a container that lacks a network counts as whole',
    plant: edit('setup/stack.ts', '!networks.includes(network)', 'network === service'),
  },
  {
    criterion: 'A1.0.3',
    breaks: 'nothing is seeded where the stack was up already',
    plant: edit('setup/steps.ts', "{ name: 'seed', act: seed },", ''),
  },
  {
    criterion: 'A1.0.3',
    breaks: 'a start takes a container that lacks a network for whole',
    plant: edit('scripts/compose.sh', 'if [[ $act == up ]]; then', 'if [[ $act == upward ]]; then'),
  },
])
