// Seals of the audit log, their verification, and tampering that verification has to find.
import type { Session } from '../../harness/index.ts'
import { insertAuditRow } from './audit-log.ts'
import { monthStart } from './audit-partitions.ts'

/** Head of the chain of seals, as hex; null while there is no seal. */
export function chainHead(db: Session): Promise<string | null> {
  return db.value(
    `select (select encode(chain, 'hex') from audit.audit_seal order by number desc limit 1) as head`,
  )
}

/** Seals all rows without a seal; returns the head of the chain. */
export async function sealLog(db: Session): Promise<string> {
  await db.query('select audit.seal()')
  return (await chainHead(db)) ?? 'nothing was sealed'
}

/** How many rows have no seal. */
export function countUnsealedRows(db: Session): Promise<string> {
  return db.value(
    'select (select count(*) from audit.audit_log) - coalesce(sum(row_count), 0) from audit.audit_seal',
  )
}

/** The kinds of finding that verification reports. */
export function verifyLog(db: Session, expectedHead: string | null = null): Promise<string[]> {
  return db.column(`select distinct finding from audit.verify(decode($1, 'hex')) order by 1`, [expectedHead])
}

/** Five rows in three sealed windows over two months: ids of the rows, and the head after each seal. */
export async function createSealedLog(db: Session): Promise<{ ids: string[]; heads: string[] }> {
  const ids: string[] = []
  const heads: string[] = []
  for (const months of [[0, 0], [0, 1], [1]]) {
    for (const ahead of months) ids.push(await insertAuditRow(db, monthStart(ahead)))
    heads.push(await sealLog(db))
  }
  return { ids, heads }
}

/** Gives every row the hash of its present contents, as an attacker who knows the algorithm would. */
export const REHASH_ROWS = 'update audit.audit_log l set row_hash = audit.digest(l)'

/** Runs statements as a superuser who disables the protection of the log, its seals and its removals. */
export async function tamper(db: Session, statements: string): Promise<void> {
  await db.query(`set session_replication_role = replica;
    alter table audit.audit_log disable trigger all;
    alter table audit.audit_seal disable trigger all;
    alter table audit.audit_removal disable trigger all;
    ${statements};
    set session_replication_role = origin`)
}
