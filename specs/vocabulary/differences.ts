// What a restored database may differ in from its manifest, and what may not work in it: one of each kind.
import type { Database } from '../../harness/index.ts'
import { leafName } from './audit-partitions.ts'
import { insertUser } from './users.ts'

/** What does not work, whatever it is compared with: an audit row with another hash, a rule, a ledger, a right. */
export async function createUnusual(db: Database): Promise<void> {
  await insertUser(db)
  await db.query(`
    insert into audit.audit_log (action, entity, row_hash) values ('insert', 'auth.users', sha256(''));
    alter table auth.sessions add constraint unproven check (true) not valid;
    update ops.schema_migration set checksum = 'another' where position = (select max(position) from ops.schema_migration);
    revoke execute on function auth.register from hma_app`)
}

/** Other rows of the same number, a row more, an object more; each is also a row of a log. */
export async function changeContents(db: Database): Promise<void> {
  await db.query(`
    update auth.users set password_hash = 'y';
    insert into auth.sessions (user_id, token_hash, expires_at)
      select id, sha256('token'), clock_timestamp() + interval '1 day' from auth.users;
    create index more on ml.model (created_at)`)
}

/** What must be found of both, in the order of the comparison. */
export async function differencesOf(db: Database): Promise<string[]> {
  return [
    `table audit.${await leafName(db, 0)}`,
    'table auth.sessions',
    'table auth.users',
    'table guard.ddl_log',
    'sequence audit.audit_log_id',
    'sequence guard.ddl_log_id_seq',
    'index ml.more',
    'constraint unproven',
    'migration',
    'audit log:',
    'the application',
  ]
}

/** What each finding is about, each once. */
export function subjectsOf(findings: string[]): string[] {
  const subject = /^(?:(?:table|sequence|index|constraint) \S+|migration|audit log:|the application)/
  return [...new Set(findings.map((finding) => subject.exec(finding)?.[0] ?? finding))]
}
