import { edit, faults } from '../harness/setup.ts'

const OBJECTS = 'migrations/runner/fingerprint.sql'

export default faults({
  'B1.0.8': {
    'not null is not compared': edit(OBJECTS, 'a.attnotnull, ', ''),
    'grants on tables are not compared': edit(
      OBJECTS,
      'p.list, pg_get_partkeydef(r.oid)',
      'pg_get_partkeydef(r.oid)',
    ),
    'function bodies are not compared': edit(
      OBJECTS,
      "case when f.prokind in ('f', 'p') then pg_get_functiondef(f.oid) end, ",
      '',
    ),
    'a disabled trigger looks like an enabled one': edit(
      OBJECTS,
      'pg_get_triggerdef(t.oid), t.tgenabled',
      'pg_get_triggerdef(t.oid)',
    ),
    'policies are left out': edit(
      OBJECTS,
      'from pg_policy p join relations r on r.oid = p.polrelid',
      'from pg_policy p join relations r on r.oid = p.polrelid where false',
    ),
    'default privileges are left out': edit(
      OBJECTS,
      'on n.oid = d.defaclnamespace',
      'on n.oid = d.defaclnamespace where false',
    ),
    'the leaf of a new month is drift': edit(
      OBJECTS,
      'from all_relations where not relispartition',
      'from all_relations',
    ),
    'grants on leaves are not compared': edit(
      OBJECTS,
      'join pg_partition_root(l.oid) root on true',
      'join pg_partition_root(l.oid) root on false',
    ),
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
