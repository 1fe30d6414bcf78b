// What monitoring reads of the jobs: a text file in Prometheus' format, which the backup service serves.
import { join } from 'node:path'
import { writeAtomically } from '../../config/atomic-file.ts'
import { lineOf } from '../../config/cli-error.ts'
import { warn } from '../../config/program.ts'
import { readTextFile } from '../../config/text-file.ts'

const METRICS = {
  hma_backup_last_success_timestamp_seconds: 'When the last backup was stored and read back.',
  hma_backup_last_size_bytes: 'Size of its dump.',
  hma_backup_last_failure_timestamp_seconds: 'When a backup failed for the last time.',
  hma_restore_verified_timestamp_seconds:
    'When a stored backup was restored and found equal for the last time.',
  hma_restore_rto_seconds:
    'How long that restore took, from nothing to a database that answers the application.',
  hma_restore_rpo_seconds: 'How old that backup was when the restore began.',
  hma_restore_rows_without_object:
    'Rows of that backup that name an object which the bucket did not have when it was made.',
} as const

export type Metrics = Partial<Record<keyof typeof METRICS, number>>

export function metricsFile(folder: string): string {
  return join(folder, 'metrics.prom')
}

/** As `writeMetrics`. A backup that is stored counts, whatever is in the place of the file: then one line says so, and nothing fails. */
export function noteMetrics(folder: string, values: Metrics): void {
  try {
    writeMetrics(folder, values)
  } catch (error) {
    const what = `${metricsFile(folder)} cannot be written (${lineOf(error)}).`
    warn('metrics', what, 'remove what is there, or free some space.')
  }
}

/** Replaces these values and keeps the others. */
export function writeMetrics(folder: string, values: Metrics): void {
  const file = metricsFile(folder)
  const all = { ...readMetrics(file), ...values }
  const lines = Object.entries(METRICS).flatMap(([name, help]) => {
    const value = all[name as keyof Metrics]
    return value === undefined ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`]
  })
  writeAtomically(file, `${lines.join('\n')}\n`)
}

/** None where there is no such file, or one that is no text: the next write replaces it. */
function readMetrics(file: string): Metrics {
  try {
    return parse(readTextFile(file, '') ?? '')
  } catch {
    return {}
  }
}

function parse(text: string): Metrics {
  return Object.fromEntries(
    [...text.matchAll(/^(hma_\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  )
}

export function now(): number {
  return Math.floor(Date.now() / 1000)
}
