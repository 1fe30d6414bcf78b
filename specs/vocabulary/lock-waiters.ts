// Sessions that wait for a lock.
import type { Session } from '../../harness/index.ts'

/** How many sessions of this database wait for a lock. */
export function countLockWaiters(db: Session): Promise<number> {
  return db.count(`pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
}
