// Audit rows that no change wrote, and the ways to insert them.
import type { Database } from '../../harness/index.ts'
import { leafName } from './audit-partitions.ts'

/** Postgres expressions. */
export interface ForgedRow {
  action?: string
  actor?: string
  actorRole?: string
  occurredAt?: string
  into?: string
}

const REJECTED = `'registration_rejected'`
const ADA = `'00000000-0000-4000-8000-000000000001'`

/** A statement that inserts a row with the digest that belongs to it; that Ada deleted somebody, unless told otherwise. */
export function forgedRow({
  action = `'delete'`,
  actor = ADA,
  actorRole = 'session_user',
  occurredAt = 'clock_timestamp()',
  into = 'audit.audit_log',
}: ForgedRow = {}): string {
  return `insert into ${into} (id, occurred_at, action, entity, actor_id, actor_role, row_hash)
    select id, at, ${action}, 'auth.users', ${actor}, ${actorRole}, audit.digest(audit.circumstances(
             at, ${action}, 'auth.users', ${actor}, ${actorRole}, null, pg_current_xact_id()), id, null, '{}')
      from (select nextval('audit.audit_log_id') as id, (${occurredAt})::timestamptz as at) e`
}

/** Ways for the owner, and for the role of the audit that the owner can become. */
export const FORGERIES = [
  ['an insert', async () => forgedRow()],
  ['an insert into the leaf', async (db: Database) => forgedRow({ into: `audit.${await leafName(db, 0)}` })],
  ['a rejected registration that names a user', async () => forgedRow({ action: REJECTED })],
  ['a change without a user', async () => forgedRow({ actor: 'null' })],
  [
    'a rejected registration by another login',
    async () => forgedRow({ action: REJECTED, actor: 'null', actorRole: `'hma_app'` }),
  ],
  [
    'a rejected registration in the past',
    async () => forgedRow({ action: REJECTED, actor: 'null', occurredAt: `now() - interval '1 second'` }),
  ],
  [
    'a rejected registration in the future',
    async () =>
      forgedRow({ action: REJECTED, actor: 'null', occurredAt: `clock_timestamp() + interval '1 second'` }),
  ],
  ['audit.append', async () => `select audit.append('delete', 'auth.users', null, ${ADA}, '{}')`],
] as const
