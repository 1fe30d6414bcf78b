// The jobs that a schedule may name: the program of each and its limit. A job is a process of its own, so that one that hangs or
// runs out of memory ends without the scheduler.
import { readDatabaseUrl, type Variables } from '../../config/database-url.ts'
import { readSettings } from '../backup/settings.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export interface Program {
  /** Of Node's command line. */
  words: readonly string[]
  /** Then it is ended, with exit code 124. */
  timeoutMs: number
}

export interface ScheduledProgram extends Program {
  /** Reads the variables that it needs. Throws CliError (exit 2) that names the one at fault. */
  readSettings(variables: Variables): unknown
}

const ofDatabase = { readSettings: readDatabaseUrl }
const ofBackups = { readSettings }

/** In the order in which they run where several are due at once. */
export const PROGRAMS: Record<string, ScheduledProgram> = {
  prepare: { ...ofDatabase, words: ['ops/audit/job.ts', 'prepare'], timeoutMs: 2 * MINUTE_MS },
  seal: { ...ofDatabase, words: ['ops/audit/job.ts', 'seal'], timeoutMs: 20 * MINUTE_MS },
  verify: { ...ofDatabase, words: ['ops/audit/job.ts', 'verify'], timeoutMs: 3 * HOUR_MS },
  'remove-expired': { ...ofDatabase, words: ['ops/audit/job.ts', 'remove-expired'], timeoutMs: 3 * HOUR_MS },
  backup: { ...ofBackups, words: ['ops/backup/main.ts', 'backup'], timeoutMs: 12 * HOUR_MS },
  prune: { ...ofBackups, words: ['ops/backup/main.ts', 'backup-prune'], timeoutMs: HOUR_MS },
  'archive-backup': { ...ofDatabase, words: ['ops/archive/main.ts', 'backup'], timeoutMs: 12 * HOUR_MS },
  'archive-check': { ...ofDatabase, words: ['ops/archive/main.ts', 'check'], timeoutMs: MINUTE_MS },
  'restore-test': { ...ofBackups, words: ['ops/backup/main.ts', 'restore-test'], timeoutMs: 12 * HOUR_MS },
}
