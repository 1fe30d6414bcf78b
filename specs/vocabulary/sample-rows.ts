// A sample row for every table, so that migrations are tested on a schema with rows. A migration that adds a table adds its
// sample row here.
import type { Session } from '../../harness/index.ts'

/** In the order of the foreign keys. A table that a trigger of another one fills needs no entry. */
const ROWS: Record<string, string> = {
  'auth.users': `insert into auth.users (email, password_hash, date_of_birth)
    values ('ada@example.org', 'x', date '1990-12-10')`,
  'auth.sessions': `insert into auth.sessions (user_id, token_hash, expires_at)
    select id, sha256('token'), clock_timestamp() + interval '1 day' from auth.users`,
  'reference.legal_documents': `insert into reference.legal_documents (name, version, content_sha256)
    values ('terms', '1', sha256('terms'))`,
  'auth.legal_acceptance': `insert into auth.legal_acceptance (user_id, document_id)
    select u.id, d.id from auth.users u cross join reference.legal_documents d`,
  'ml.model': `insert into ml.model (name, version, task, artefact_uri, artefact_sha256, artefact_size)
    values ('moderation', '1.0.0', 'text-moderation', 's3://models/moderation', sha256('model'), 1)`,
  'audit.audit_log': `insert into audit.audit_log (action, entity, row_hash)
    values ('insert', 'auth.users', sha256(''))`,
  'audit.audit_seal': `insert into audit.audit_seal (month, after_id, up_to_id, row_count, root, chain)
    values (date '2026-11-01', 0, 1, 1, sha256('root'), sha256('chain'))`,
  'audit.audit_removal': `insert into audit.audit_removal (month, row_count, root)
    values (date '2026-10-01', 1, sha256('root'))`,
}

const EMPTY_TABLES = `
  select s.nspname || '.' || c.relname as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and s.nspname !~ '^(pg_|information_schema|postgis|statistics|ops)'
     and (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', s.nspname, c.relname),
          false, true, '')))[1]::text = '0'
   order by 1`

/** Names of tables without a row. */
export function emptyTables(db: Session): Promise<string[]> {
  return db.column(EMPTY_TABLES)
}

/** Inserts the sample row into every table without a row; tables that do not exist are skipped. */
export async function fillEmptyTables(db: Session): Promise<void> {
  for (const [table, insert] of Object.entries(ROWS)) {
    if ((await emptyTables(db)).includes(table)) await db.query(insert)
  }
}
