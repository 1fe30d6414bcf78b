// Removes the backups that retention does not keep; each removal is a line of the log.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Variables } from '../../config/database-url.ts'
import { keyOf, listBackups, readManifest, removeBackup } from './backups.ts'
import { withLock } from './lock.ts'
import { type Policy, planRetention } from './retention.ts'
import type { Settings } from './settings.ts'
import { openStore, type Store } from './store.ts'

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
    const backups = await listBackups(store, database)
    const { keep, remove } = planRetention(backups, policy, new Date())
    if (remove.length > 0) await requireWhole(store, database, backups[0]?.id ?? '')
    for (const { id, bytes, isVerified } of remove) {
      if (!dryRun) await removeBackup(store, database, id)
      const state = isVerified ? 'verified' : 'incomplete'
      write(`${dryRun ? 'would remove' : 'removed'} ${id}  ${state}  ${bytes} bytes`)
    }
    const kept = keep.map(({ backup: { id }, because }) => ({ id, because }))
    return { dryRun, kept, removed: remove.map(({ id }) => id) }
  })
}

/** Reads the newest backup once more: nothing is removed for one that was damaged in the store. */
async function requireWhole(store: Store, database: string, id: string): Promise<void> {
  const manifest = await readManifest(store, database, id)
  const stored = await store.digestOf(keyOf(database, id, 'dump'))
  if (stored.sha256 === manifest?.dump.sha256) return
  throw new CliError({
    what: 'The newest backup was damaged in the store: its dump has another SHA-256 than its manifest.',
    where: id,
    next: 'scripts/backup.sh makes another one; docs/backups.md says how this one is brought back.',
    exitCode: EXIT.refused,
  })
}

/** Where a day begins for the schedule and for retention. */
export function zoneFrom(variables: Variables): string {
  return variables.HMA_BACKUP_ZONE || 'UTC'
}
