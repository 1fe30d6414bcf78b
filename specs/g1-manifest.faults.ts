import { edit, faults } from '../harness/setup.ts'

const BACKUP = 'ops/backup/backup.ts'
const CONTENTS = 'ops/backup/contents.ts'
const SNAPSHOT = 'ops/backup/snapshot.ts'
const STORE = 'ops/backup/store.ts'
/** Where the manifest takes over what was read in the snapshot. */
const DESCRIBED = '    ...described,\n'

export default faults({
  'G1.1.3': {
    'for the version of the client the manifest has that of the server': edit(
      BACKUP,
      '    clientVersion,\n    dump,\n',
      '    clientVersion: described.serverVersion,\n    dump,\n',
    ),
    'the environment in the manifest is that of a variable, and not the mark of the database': edit(
      BACKUP,
      DESCRIBED,
      `${DESCRIBED}    environment: process.env.HMA_ENVIRONMENT ?? null,\n`,
    ),
    'the moment in the manifest is that of the end of the dump': edit(
      BACKUP,
      DESCRIBED,
      `${DESCRIBED}    takenAt: new Date().toISOString(),\n`,
    ),
    'the position in the manifest is that of the end of the dump': edit(
      BACKUP,
      DESCRIBED,
      `${DESCRIBED}    lsn: (await snapshot.client.query('select pg_current_wal_insert_lsn()::text as lsn')).rows[0].lsn,\n`,
    ),
    'the migrations in the manifest are in the order of their names': edit(
      SNAPSHOT,
      'array_agg(name order by position)',
      'array_agg(name order by name)',
    ),
    'a migration that did not end is in the manifest like an applied one': edit(
      SNAPSHOT,
      "from ops.schema_migration where state = 'done') as migrations",
      'from ops.schema_migration) as migrations',
    ),
    'the manifest says that the database sorts as it tells letters apart': edit(
      SNAPSHOT,
      "'collate', datcollate,",
      "'collate', datctype,",
    ),
    'the manifest says how the first database of the server was made': edit(
      SNAPSHOT,
      'from pg_database where datname = current_database()) as creation',
      "from pg_database where datname = 'postgres') as creation",
    ),
    'the months of the audit log are not in the manifest': edit(
      CONTENTS,
      "where c.relkind = 'r' and",
      "where c.relkind = 'r' and not c.relispartition and",
    ),
    'tables of the schema public are not in the manifest': edit(
      CONTENTS,
      "and n.nspname <> 'information_schema'",
      "and n.nspname not in ('information_schema', 'public')",
    ),
    'the rows are those that the statistics of the server estimate': edit(
      CONTENTS,
      'select count(*) as rows,',
      "select (select greatest(reltuples, 0) from pg_catalog.pg_class where oid = '${name}'::regclass) as rows,",
    ),
    'a sequence that gave out no number is not in the manifest': edit(
      CONTENTS,
      'from pg_catalog.pg_sequences order by 1',
      'from pg_catalog.pg_sequences where last_value is not null order by 1',
    ),
  },
  'G1.3.2': {
    'the hash of a table depends on the order of its rows': edit(
      CONTENTS,
      'coalesce(sum(hashtextextended(textin(record_out(t)), 0)), 0)::text as hash',
      "coalesce(md5(string_agg(t::text, ',')), '') as hash",
    ),
    'rows that are there twice take each other out of the hash of their table': edit(
      CONTENTS,
      'sum(hashtextextended(textin(record_out(t)), 0))',
      'bit_xor(hashtextextended(textin(record_out(t)), 0))',
    ),
    'nobody is told that a backup lists no objects': edit(
      'ops/backup/main.ts',
      '  if (objects === null)\n',
      '  if (objects === undefined)\n',
    ),
    'that no objects are listed is said of every backup': edit(
      'ops/backup/main.ts',
      '  if (objects === null)\n',
      '  if (id)\n',
    ),
    'of the versions of the bucket only the first page of the store is listed': edit(
      STORE,
      'if (!page.IsTruncated) return found',
      'return found',
    ),
    'where a page of the store ends among the versions of a key, the others of that key are left out': edit(
      STORE,
      ', VersionIdMarker: page.NextVersionIdMarker }',
      ' }',
    ),
    'versions that are not the newest of their key are left out': edit(
      STORE,
      'found.push({ key: Key, versionId: VersionId, bytes: Size, isLatest: IsLatest })',
      'if (IsLatest) found.push({ key: Key, versionId: VersionId, bytes: Size, isLatest: IsLatest })',
    ),
    'the last version of a key that was deleted is listed as if the key were there': edit(
      STORE,
      'isLatest: IsLatest })',
      'isLatest: !found.some(({ key }) => key === Key) })',
    ),
  },
})
