import { edit, faults } from '../harness/setup.ts'

const PROGRAM = 'ops/stats/program.ts'
const CACHE = 'ops/stats/cache.ts'

export default faults({
  'E1.0.2': {
    'keys are counted until the time is over, and then there are no figures': edit(
      CACHE,
      ' && spent() < SCAN_SHARE',
      '',
    ),
    'all keys are asked for at once, so that other clients wait': edit(
      CACHE,
      'const SCANNED_AT_ONCE = 1000\n',
      'const SCANNED_AT_ONCE = 10_000_000\n',
    ),
    'a Redis that answers slowly is said to give no answer': edit(CACHE, '    limit.answered()\n', ''),
    'a Postgres that answers slowly is said to give no answer': edit(
      'ops/stats/database.ts',
      "    client.on('drain', answered)\n",
      '',
    ),
    'a server that has answered once is called slow for ever': edit(
      PROGRAM,
      'const isSlow = spent() - lastAnswer < SILENT_SHARE',
      'const isSlow = lastAnswer > 0',
    ),
  },
})
