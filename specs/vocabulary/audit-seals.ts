// The verbs specs use for the seals of the audit log, for verification, and for what it has to find.
import type { Session } from '../../harness/index.ts'
import { insertAuditRow } from './audit-log.ts'
import { monthStart } from './audit-partitions.ts'

/** Head of the chain of seals, as hex, or null while nothing was sealed. */
export function chainHead(db: Session): Promise<string | null> {
  return db.value(
    `select (select encode(chain, 'hex') from audit.audit_seal order by number desc limit 1) as head`,
  )
}

/** Seals what was written so far; returns the head of the chain. */
export async function sealLog(db: Session): Promise<string> {
  await db.query('select audit.seal()')
  return (await chainHead(db)) ?? 'nothing was sealed'
}

/** How many rows no seal covers. */
export function countUnsealedRows(db: Session): Promise<string> {
  return db.value(
    'select (select count(*) from audit.audit_log) - coalesce(sum(row_count), 0) from audit.audit_seal',
  )
}

/** What verification finds, each kind once. */
export async function verifyLog(db: Session, head?: string): Promise<string[]> {
  const rows = await db.query<{ finding: string }>(
    `select distinct finding from audit.verify(decode($1, 'hex')) order by 1`,
    [head ?? null],
  )
  return rows.map(({ finding }) => finding)
}

/** A log of three sealed windows over two months: ids of its five rows, and the head after each seal. */
export async function createSealedLog(db: Session): Promise<{ ids: string[]; heads: string[] }> {
  const ids: string[] = []
  const heads: string[] = []
  for (const moments of [[monthStart(0), monthStart(0)], [monthStart(0), monthStart(1)], [monthStart(1)]]) {
    for (const moment of moments) ids.push(await insertAuditRow(db, moment))
    heads.push(await sealLog(db))
  }
  return { ids, heads }
}

/** A statement that gives every row the hash of what it holds now, as a careful forger would. */
export const RECOMPUTE_ROW_HASHES = 'update audit.audit_log l set row_hash = audit.digest(l)'

/** Does what only a superuser can: passes by the event triggers, and takes the guards off the log and its seals. */
export async function tamper(db: Session, statements: string): Promise<void> {
  await db.query(`set session_replication_role = replica;
    alter table audit.audit_log disable trigger all;
    alter table audit.audit_seal disable trigger all;
    alter table audit.audit_removal disable trigger all;
    ${statements};
    set session_replication_role = origin`)
}
