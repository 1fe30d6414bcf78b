import { edit, faults } from '../harness/setup.ts'

export default faults({
  'B1.0.8': {
    'the next migration adopts drift': edit(
      'migrations/runner/drift.ts',
      'case when d.live = live.digest then d.remembered else live.digest end as digest',
      'live.digest',
    ),
    'drift ends with exit code 0': edit(
      'migrations/runner/plan.ts',
      '(hasDrift ? STATUS_BITS.drift : 0)',
      '0',
    ),
    'drift cannot be accepted': edit(
      'migrations/runner/commands.ts',
      "if (accept || state !== 'current') return false",
      "if (state !== 'current') return false",
    ),
    'verify compares the database with itself': edit(
      'migrations/runner/verify.ts',
      'await differencesFrom(client, replayed)',
      'await differencesFrom(client, replayed.length > 0 ? await readCatalog(client) : [])',
    ),
    'verify does not drop its scratch database': edit(
      'migrations/runner/verify.ts',
      'drop database if exists ${name} with (force)',
      'select 1',
    ),
  },
})
