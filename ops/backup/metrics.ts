// What monitoring reads of the jobs: a text file in Prometheus' format, which the backup service serves.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../../config/atomic-file.ts'

const METRICS = {
  hma_backup_last_success_timestamp_seconds: 'When the last backup was stored and read back.',
  hma_backup_last_size_bytes: 'Size of its dump.',
  hma_backup_last_failure_timestamp_seconds: 'When a backup failed for the last time.',
  hma_restore_verified_timestamp_seconds:
    'When a stored backup was restored and found equal for the last time.',
  hma_restore_rto_seconds:
    'How long that restore took, from nothing to a database that answers the application.',
  hma_restore_rpo_seconds: 'How old that backup was when the restore began.',
} as const

export type Metrics = Partial<Record<keyof typeof METRICS, number>>

export function metricsFile(folder: string): string {
  return join(folder, 'metrics.prom')
}

/** Replaces these values and keeps the others. */
export function writeMetrics(folder: string, values: Metrics): void {
  const file = metricsFile(folder)
  const all = { ...(existsSync(file) ? parse(readFileSync(file, 'utf8')) : {}), ...values }
  const lines = Object.entries(METRICS).flatMap(([name, help]) => {
    const value = all[name as keyof Metrics]
    return value === undefined ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`]
  })
  writeAtomically(file, `${lines.join('\n')}\n`)
}

function parse(text: string): Metrics {
  return Object.fromEntries(
    [...text.matchAll(/^(hma_\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  )
}

export function now(): number {
  return Math.floor(Date.now() / 1000)
}
