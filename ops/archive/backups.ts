// The base backups of the archive, as pgBackRest lists them.
import { z } from 'zod'

export interface BaseBackup {
  label: string
  type: 'full' | 'diff' | 'incr'
  /** From this moment on the database can be restored with it. */
  stoppedAtMs: number
}

const Info = z.array(
  z.object({
    backup: z.array(
      z.object({
        label: z.string(),
        type: z.enum(['full', 'diff', 'incr']),
        error: z.boolean().nullish(),
        timestamp: z.object({ stop: z.number() }),
      }),
    ),
  }),
)

/** Reads `pgbackrest info --output=json`: those without a defect, oldest first. */
export function readBackups(json: string): BaseBackup[] {
  return Info.parse(JSON.parse(json))
    .flatMap(({ backup }) => backup)
    .filter(({ error }) => error !== true)
    .map(({ label, type, timestamp }) => ({ label, type, stoppedAtMs: timestamp.stop * 1000 }))
    .toSorted((one, other) => one.stoppedAtMs - other.stoppedAtMs)
}

const FULL_EVERY_MS = 6.5 * 86_400_000

/** A daily job makes a full one each week. */
export function nextType(backups: BaseBackup[], nowMs: number): 'full' | 'incr' {
  const full = backups.findLast(({ type }) => type === 'full')
  return full === undefined || nowMs - full.stoppedAtMs > FULL_EVERY_MS ? 'full' : 'incr'
}

/** The newest one from which the database can be brought to that moment. */
export function backupFor(backups: BaseBackup[], momentMs: number): BaseBackup | undefined {
  return backups.findLast(({ stoppedAtMs }) => stoppedAtMs < momentMs)
}
