// Removes the backups that retention does not keep; each removal is a line of the log.
import type { Variables } from '../../config/database-url.ts'
import { listBackups, removeBackup } from './backups.ts'
import { withLock } from './lock.ts'
import { type Policy, planRetention } from './retention.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store.ts'

const NEWEST = 3

export interface PruneOptions {
  /** How many of each keep a backup. */
  keep: [daily: number, weekly: number, monthly: number]
  acceptSize: boolean
  dryRun: boolean
}

export interface Pruned {
  dryRun: boolean
  kept: { id: string; because: string[] }[]
  removed: string[]
}

/** Under the lock of the backups. Throws CliError (exit 4) where the newest backup is no reason to remove an older one. */
export function prune(
  { store: access, database, folder }: Settings,
  zone: string,
  { keep: [daily, weekly, monthly], acceptSize, dryRun }: PruneOptions,
  write = (line: string) => void process.stderr.write(`${line}\n`),
): Promise<Pruned> {
  const policy: Policy = { daily, weekly, monthly, newest: NEWEST, zone, acceptSize }
  return withLock(folder, 'backup', async () => {
    using store = openStore(access)
    const { keep, remove } = planRetention(await listBackups(store, database), policy, new Date())
    for (const { id, bytes, isVerified } of remove) {
      if (!dryRun) await removeBackup(store, database, id)
      const state = isVerified ? 'verified' : 'incomplete'
      write(`${dryRun ? 'would remove' : 'removed'} ${id}  ${state}  ${bytes} bytes`)
    }
    const kept = keep.map(({ backup: { id }, because }) => ({ id, because }))
    return { dryRun, kept, removed: remove.map(({ id }) => id) }
  })
}

/** Where a day begins for the schedule and for retention. */
export function zoneFrom(variables: Variables): string {
  return variables.HMA_BACKUP_ZONE || 'UTC'
}
