// The snapshot that dump and manifest share, held open by one connection while pg_dump reads.
import type pg from 'pg'
import { connect } from '../../config/postgres.ts'
import { isSqlError, statementError } from '../../config/postgres-error.ts'
import { readContents } from './contents.ts'
import type { Manifest } from './manifest.ts'

/** Of what is read in the snapshot. */
export type Described = Pick<
  Manifest,
  'environment' | 'takenAt' | 'lsn' | 'serverVersion' | 'migrations' | 'creation' | 'access'
>

export interface Snapshot extends AsyncDisposable {
  /** For `pg_dump --snapshot`. */
  id: string
  client: pg.Client
  described: Described
}

const NO_LIMIT = 'set idle_in_transaction_session_timeout = 0; set statement_timeout = 0'

/** Connects for a job; the limit of each of its statements is set where it is run. */
export function connectForBackup(url: URL): Promise<pg.Client> {
  return connect(url, { applicationName: 'hma backup', sessionSetup: NO_LIMIT })
}

/** Opens the snapshot; closing it ends the connection. */
export async function openSnapshot(url: URL): Promise<Snapshot> {
  const client = await connectForBackup(url)
  const close = () => client.end().catch(() => {})
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows } = await client.query(SNAPSHOT)
    const { id, ...described } = rows[0] as Described & { id: string }
    return { id, client, described, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw readError(error)
  }
}

export async function readSnapshotContents({ client }: Snapshot): Promise<Manifest['contents']> {
  return readContents(client).catch((error) => Promise.reject(readError(error)))
}

function readError(error: unknown): unknown {
  const next = isSqlError(error) ? 'log in as hma_backup; scripts/migrate.sh apply gives it its rights.' : ''
  return statementError(error, { subject: 'the reading of the database', next })
}

/** statement_timestamp() is before the snapshot, so that what was committed before it is in the backup. */
const SNAPSHOT = `
select pg_export_snapshot() as id,
       to_char(statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
       pg_current_wal_insert_lsn()::text as lsn,
       current_setting('server_version') as "serverVersion",
       (select name from ops.environment) as environment,
       (select array_agg(name order by position) from ops.schema_migration where state = 'done') as migrations,
       (select json_build_object('encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype)
          from pg_database where datname = current_database()) as creation,
       (select coalesce(json_agg(json_build_object('role', r.rolname, 'privilege', a.privilege_type)), '[]')
          from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
          left join pg_roles r on r.oid = a.grantee
         where d.datname = current_database() and a.grantee <> d.datdba) as access`
