import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.3': {
    'half a .env counts as a whole one': edit(
      'stack/setup/settings.ts',
      'if (missing.length === 0) return []',
      'if (written !== undefined) return []',
    ),
    'what was written in .env is lost when it is completed': edit(
      'stack/setup/settings.ts',
      'written === undefined ? ownCopyOf',
      'written !== "" ? ownCopyOf',
    ),
    'a container that was made and never started counts as in place': edits(
      { file: 'stack/setup/containers.ts', find: 'container?.isWell && ', replace: '' },
      { file: 'stack/setup/containers.ts', find: '!isNewer(root, there)', replace: 'true' },
    ),
    'a container that lacks a network counts as whole': edit(
      'stack/setup/containers.ts',
      '!networks.includes(network)',
      'network === service',
    ),
    'nothing is seeded where the stack was up already': edit(
      'stack/setup/steps.ts',
      "{ name: 'seed', act: seed },",
      '',
    ),
    'a start takes a container that lacks a network for whole': edit(
      'scripts/compose.sh',
      'if [[ $act == up ]]; then',
      'if [[ $act == upward ]]; then',
    ),
  },
})
