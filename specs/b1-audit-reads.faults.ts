import { faults, inFunction } from '../harness/setup.ts'

export default faults({
  'B1.2.7': {
    'to verify a seal the whole log is read, because no index has its condition': inFunction(
      'audit.root_of',
      [
        'l.id > root_of.after_id and l.id <= root_of.up_to_id',
        'l.id + 0 > root_of.after_id and l.id + 0 <= root_of.up_to_id',
      ],
    ),
    'to find what is new a seal reads the whole log': inFunction('audit.seal', [
      'l.id > last_id and l.id <= up_to',
      'l.id + 0 > last_id and l.id + 0 <= up_to',
    ]),
  },
})
