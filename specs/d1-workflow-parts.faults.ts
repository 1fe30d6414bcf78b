import { edit, faults } from '../harness/setup.ts'

const GATE = '.github/workflows/quality-gate.yml'
const KEEP = '          path: .signoff/parts/\n          include-hidden-files: true\n'

export default faults({
  'D1.0.6': {
    'the last part has no machine': edit(GATE, 'part: [1, 2, 3, 4]', 'part: [1, 2, 3]'),
    'a part is run twice, and another never': edit(GATE, 'part: [1, 2, 3, 4]', 'part: [1, 2, 3, 3]'),
    'the machines run parts of a smaller whole': edit(
      GATE,
      'PART: ${{ matrix.part }}/4',
      'PART: ${{ matrix.part }}/3',
    ),
    'the first machine that fails ends the others': edit(GATE, 'fail-fast: false', 'fail-fast: true'),
    'the folder of the parts, which is hidden, is not uploaded': edit(
      GATE,
      KEEP,
      '          path: .signoff/parts/\n',
    ),
    'the machines upload another folder': edit(
      GATE,
      KEEP,
      KEEP.replace('.signoff/parts/', '.signoff/reports/'),
    ),
    'the parts are fetched into another folder': edit(
      GATE,
      'path: .signoff/parts/\n          merge-multiple: true',
      'path: .signoff/\n          merge-multiple: true',
    ),
    'each part is fetched into a folder of its own': edit(GATE, '          merge-multiple: true\n', ''),
    'all machines upload under one name': edit(GATE, 'name: part-${{ matrix.part }}', 'name: part-of-all'),
    'the parts have a name that the sign-off does not fetch': edit(
      GATE,
      'name: part-${{ matrix.part }}',
      'name: machine-${{ matrix.part }}',
    ),
  },
})
