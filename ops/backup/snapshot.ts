// The snapshot that dump and manifest share, held open by one connection while pg_dump reads.
import type pg from 'pg'
import { answeredWithin, endConnection } from '../../config/postgres.ts'
import { CHECK_MS, connectForBackup, readError } from './connection.ts'
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

/** How long the answer to a statement that opens it is waited for. */
const ANSWER_MS = CHECK_MS + 5000

/** Opens the snapshot; closing it ends the connection. */
export async function openSnapshot(url: URL, lockWaitSeconds: number): Promise<Snapshot> {
  const client = await connectForBackup(url)
  const close = () => endConnection(client)
  const run = (text: string) => client.query(answeredWithin(ANSWER_MS, text))
  try {
    await run('begin isolation level repeatable read read only')
    await run(`set local statement_timeout = ${CHECK_MS}; set local lock_timeout = ${lockWaitSeconds * 1000}`)
    const { rows } = await run(SNAPSHOT)
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

/** statement_timestamp() is before the snapshot, so that what was committed before it is in the backup. */
const SNAPSHOT = `
select pg_export_snapshot() as id,
       to_char(statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
       pg_current_wal_insert_lsn()::text as lsn,
       current_setting('server_version') as "serverVersion",
       (select name from ops.environment) as environment,
       (select array_agg(name order by position) from ops.schema_migration where state = 'done') as migrations,
       (select json_build_object('encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
                  'provider', case datlocprovider when 'b' then 'builtin' when 'i' then 'icu' else 'libc' end, 'locale', datlocale)
          from pg_database where datname = current_database()) as creation,
       (select coalesce(json_agg(json_build_object('role', r.rolname, 'privilege', a.privilege_type)), '[]')
          from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
          left join pg_roles r on r.oid = a.grantee
         where d.datname = current_database() and a.grantee <> d.datdba) as access`
