import { edit, faults } from '../harness/setup.ts'

const DUMP = 'ops/backup/dump.ts'

export default faults({
  'G1.0.1': {
    'the dump does not use the snapshot of the manifest': edit(DUMP, ', `--snapshot=${snapshot}`]', ']'),
  },
})
