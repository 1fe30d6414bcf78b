// The file that keeps the last runs, so that a start knows what was missed.
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeAtomically } from '../../config/atomic-file.ts'
import type { Records } from './scheduler.ts'

const Time = z.number().positive()
const Schema = z.record(
  z.string(),
  z.object({
    last: z.object({ startedAtMs: Time, endedAtMs: Time, exitCode: z.number() }),
    succeededAtMs: Time.optional().transform((time) => time as number | undefined),
  }),
)

/** None where there is no file, or where it cannot be read: then every job runs at once, which is safe. */
export function readRecords(file: string): Records {
  if (!existsSync(file)) return {}
  try {
    return Schema.parse(JSON.parse(readFileSync(file, 'utf8'))) as Records
  } catch {
    return {}
  }
}

export function saveRecords(file: string, records: Records): void {
  writeAtomically(file, records)
}
