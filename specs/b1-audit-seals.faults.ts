import { faults, inFunction } from '../harness/setup.ts'

const inChain = (find: string, replace: string) => inFunction('audit.chain_of', [find, replace])
const inVerify = (find: string, replace: string) => inFunction('audit.verify', [find, replace])

export default faults({
  'B1.2.7': {
    'a seal does not depend on the one before': inChain(`COALESCE(before, '\\x'::bytea)`, `'\\x'::bytea`),
    'the count of a seal is not in the chain': inChain('int8send((seal).row_count)', 'int8send(0)'),
    'the beginning of a window is not in the chain': inChain('int8send((seal).after_id)', 'int8send(0)'),
    'the end of a window is not in the chain': inChain('int8send((seal).up_to_id)', 'int8send(0)'),
    'the number of a seal is not in the chain': inChain('int8send((seal).number)', 'int8send(0)'),
    'the time of a seal is not in the chain': inChain('timestamptz_send((seal).sealed_at)', `'\\x'::bytea`),
    'the chain is not verified': inVerify('s.chain <> audit.chain_of(s.before, s.link)', 'false'),
    'any head is accepted': inVerify('where s.chain = expected_head', ''),
    'the last row of a window is not sealed': inFunction('audit.root_of', [
      'l.id <= root_of.up_to_id',
      'l.id < root_of.up_to_id',
    ]),
  },
})
