import { edit, faults } from '../harness/setup.ts'

const OBJECTS = 'migrations/runner/fingerprint.sql'

export default faults([
  {
    criterion: 'B1.0.8',
    breaks: 'whether a column may be null is not looked at',
    plant: edit(OBJECTS, 'a.attnotnull, ', ''),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'grants on tables are not looked at',
    plant: edit(OBJECTS, 'p.list, pg_get_partkeydef(r.oid)', 'pg_get_partkeydef(r.oid)'),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'bodies of functions are not looked at',
    plant: edit(OBJECTS, "case when f.prokind in ('f', 'p') then pg_get_functiondef(f.oid) end, ", ''),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'a disabled trigger looks like an enabled one',
    plant: edit(OBJECTS, 'pg_get_triggerdef(t.oid), t.tgenabled', 'pg_get_triggerdef(t.oid)'),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'policies are left out',
    plant: edit(
      OBJECTS,
      'from pg_policy p join relations r on r.oid = p.polrelid',
      'from pg_policy p join relations r on r.oid = p.polrelid where false',
    ),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'default privileges are left out',
    plant: edit(OBJECTS, 'on n.oid = d.defaclnamespace', 'on n.oid = d.defaclnamespace where false'),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'the leaf of a new month is drift',
    plant: edit(OBJECTS, 'from all_relations where not relispartition', 'from all_relations'),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'a grant on a leaf goes unseen',
    plant: edit(
      OBJECTS,
      'join pg_partition_root(l.oid) root on true',
      'join pg_partition_root(l.oid) root on false',
    ),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'the next migration passes drift off as its own',
    plant: edit(
      'migrations/runner/fingerprint.ts',
      'case when d.live = live.digest then d.remembered else live.digest end as digest',
      'live.digest',
    ),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'drift ends with exit code 0',
    plant: edit('migrations/runner/plan.ts', '(drifted ? STATUS_BITS.drift : 0)', '0'),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'drift cannot be accepted',
    plant: edit(
      'migrations/runner/commands.ts',
      "if (accept || memory !== 'fresh') return false",
      "if (memory !== 'fresh') return false",
    ),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'verify compares the database with itself',
    plant: edit(
      'migrations/runner/verify.ts',
      'await differencesFrom(live, await catalogOf(await connectTo(name), applied))',
      'await differencesFrom(live, await catalogOf(await connectTo(name), applied).then(() => readCatalog(live)))',
    ),
  },
  {
    criterion: 'B1.0.8',
    breaks: 'verify leaves its scratch database behind',
    plant: edit('migrations/runner/verify.ts', 'drop database if exists ${name} with (force)', 'select 1'),
  },
])
