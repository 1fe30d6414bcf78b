// Proves the newest stored backup: downloads it, restores it into a server that only this test has, and compares. The report is kept
// beside the backup in the store and on the disk of the job, also where the backup could not be downloaded or restored.
import { join } from 'node:path'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError, EXIT, lineOf } from '../../config/cli-error.ts'
import { isSqlError } from '../../config/postgres-error.ts'
import { keyOf } from './backups.ts'
import { findingsOf, pendingMigrations } from './compare.ts'
import { connectForBackup } from './connection.ts'
import { chooseBackup, downloadDump } from './download.ts'
import { loadDump } from './load.ts'
import { withLock } from './lock.ts'
import { type ConnectAs, READER, withLogin } from './logins.ts'
import { type Manifest, rpoSecondsAt } from './manifest.ts'
import { type Metrics, noteMetrics, now } from './metrics.ts'
import { compareObjects, type ObjectReport } from './objects.ts'
import { startPrivateServer } from './private-server.ts'
import { loginOf, type Settings, urlOf } from './settings.ts'
import type { Steps } from './steps.ts'
import { openStore } from './store.ts'

export interface RestoreReport {
  backup: string
  testedAt: string
  isProven: boolean
  /** How old the snapshot was when the test began: what a disaster at that moment would have lost. */
  rpoSeconds: number
  /** From nothing to a database in which the application works; null where there is none. */
  rtoSeconds: number | null
  rows: number
  tables: number
  bytes: number
  findings: string[]
  /** Migrations that are newer than the backup: they would be applied after a restore. */
  pending: string[]
  /** Null where nothing was compared: the backup lists no objects, or could not be restored. */
  objects: ObjectReport | null
}

/** Throws CliError when the backup cannot be downloaded or restored; what is wrong with the backup itself is in its report by then. */
export async function testRestore(settings: Settings, jobs: number, steps: Steps): Promise<RestoreReport> {
  return withLock(settings.folder, 'restore-test', async () => {
    const testedAt = new Date()
    using store = openStore(settings.store)
    const manifest = await chooseBackup(store, settings.database, undefined)
    const keep = async (report: RestoreReport) => {
      writeAtomically(join(settings.folder, 'restore-tests', `${manifest.id}.json`), report)
      await store.put(keyOf(settings.database, manifest.id, 'restoreTest'), JSON.stringify(report, null, 2))
    }
    const outcome = await restoreAndCompare(settings, manifest, jobs, steps).catch(async (error: unknown) => {
      if (isAgainstBackup(error))
        await keep(reportOf(manifest, testedAt, notRestored(error))).catch(tellNotKept)
      throw error
    })
    const report = reportOf(manifest, testedAt, outcome)
    await keep(report)
    if (report.isProven)
      noteMetrics(settings.folder, {
        hma_restore_verified_timestamp_seconds: now(),
        hma_restore_rto_seconds: outcome.rtoSeconds,
        hma_restore_rpo_seconds: report.rpoSeconds,
        ...metricOf(report),
      })
    return report
  })
}

type RestoreOutcome = Pick<RestoreReport, 'findings' | 'pending' | 'objects' | 'rtoSeconds'>

function metricOf({ objects }: RestoreReport): Metrics {
  return objects === null ? {} : { hma_restore_rows_without_object: objects.rowsWithoutObject.length }
}

/** False where the store, the private server or the room for it was missing: that says nothing of the backup. */
function isAgainstBackup(error: unknown): boolean {
  return isSqlError(error) || (error instanceof CliError && error.exitCode === EXIT.failed)
}

/** Nothing was compared: the error is the one finding. */
function notRestored(error: unknown): RestoreOutcome {
  return { findings: [lineOf(error)], pending: [], objects: null, rtoSeconds: null }
}

/** The error that ended the test is the one to report. */
function tellNotKept(error: unknown): void {
  process.stderr.write(`the report cannot be kept: ${lineOf(error)}\n`)
}

async function restoreAndCompare(
  { folder, store: access }: Settings,
  manifest: Manifest,
  jobs: number,
  { step, elapsed }: Steps,
): Promise<RestoreOutcome & { rtoSeconds: number }> {
  using store = openStore(access)
  const work = join(folder, 'restore-test')
  await using download = await step('download', () =>
    downloadDump(store, manifest, join(folder, 'restore-test-dump')),
  )
  await using server = await step('server', () => startPrivateServer(work))
  const { url } = server
  const { database } = manifest
  await step('restore', () => loadDump({ url, database, dump: download.dump, manifest, jobs, passwords: {} }))
  const restored = urlOf(url, database)
  const connectAs: ConnectAs = (login) => connectForBackup(loginOf(restored, login))
  const client = await connectForBackup(restored)
  try {
    const findings = await step('compare', () => findingsOf(client, manifest, connectAs))
    const rtoSeconds = elapsed()
    const pending = await pendingMigrations(connectAs)
    const objects = await withLogin(connectAs, READER, (reader) => compareObjects(reader, manifest))
    return { findings, pending, objects, rtoSeconds }
  } finally {
    await client.end()
  }
}

function reportOf(
  manifest: Manifest,
  testedAt: Date,
  { findings, rtoSeconds, ...others }: RestoreOutcome,
): RestoreReport {
  const tables = Object.values(manifest.contents.tables)
  return {
    backup: manifest.id,
    testedAt: testedAt.toISOString(),
    isProven: findings.length === 0,
    rpoSeconds: rpoSecondsAt(manifest, testedAt),
    rtoSeconds,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    tables: tables.length,
    bytes: manifest.dump.bytes,
    findings,
    ...others,
  }
}
