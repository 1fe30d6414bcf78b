import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { metricsFile, noteMetrics, writeMetrics } from './metrics.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hma-metrics-'))
})

const samples = () => readFileSync(metricsFile(folder), 'utf8').match(/^hma_.*$/gm)

test('a failure does not hide when a backup succeeded for the last time', () => {
  writeMetrics(folder, { hma_backup_last_success_timestamp_seconds: 1_795_719_176 })
  writeMetrics(folder, { hma_backup_last_failure_timestamp_seconds: 1_795_719_999 })

  expect(samples()).toEqual([
    'hma_backup_last_success_timestamp_seconds 1795719176',
    'hma_backup_last_failure_timestamp_seconds 1795719999',
  ])
})

test('a newer value replaces the one before', () => {
  writeMetrics(folder, { hma_restore_rto_seconds: 30.5 })
  writeMetrics(folder, { hma_restore_rto_seconds: 31 })

  expect(samples()).toEqual(['hma_restore_rto_seconds 31'])
})

test('what is no text is replaced', () => {
  writeFileSync(metricsFile(folder), Buffer.from([0, 255]))

  writeMetrics(folder, { hma_restore_rto_seconds: 31 })

  expect(samples()).toEqual(['hma_restore_rto_seconds 31'])
})

test('a folder in its place is one line, and nothing is left beside it', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  mkdirSync(metricsFile(folder))

  noteMetrics(folder, { hma_restore_rto_seconds: 31 })

  const lines = write.mock.calls.map(([line]) => line)
  write.mockRestore()
  expect(lines).toEqual([
    expect.stringMatching(/^metrics: .*metrics\.prom cannot be written [^\n]* Next: [^\n]+\n$/),
  ])
  expect(readdirSync(folder)).toEqual(['metrics.prom'])
})
