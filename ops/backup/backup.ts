// One backup, from the first check to the metric. Whatever ends it early, the store has no manifest of it.
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FILES, keyOf, listBackups } from './backups.ts'
import { checkDatabase } from './connection.ts'
import { decodeDump, hashFile, requireEqual, writeDump } from './dump.ts'
import { type LocalCopy, localCopies, partialFolder, publishLocally, startPartial } from './local-copies.ts'
import { withLock } from './lock.ts'
import { idOf, type Manifest, textOf } from './manifest.ts'
import { noteMetrics, now } from './metrics.ts'
import { checkSource, checkSpace } from './preflight.ts'
import type { Settings } from './settings.ts'
import { openSnapshot, readSnapshotContents, type Snapshot } from './snapshot.ts'
import type { Step, Steps } from './steps.ts'
import { openStore, type Store } from './store.ts'

export interface BackupOptions {
  lockWaitSeconds: number
  withinMinutes: number
}

/** Returns the manifest of the backup that the store now has. Throws CliError, and says so in the metrics. */
export async function backUp(settings: Settings, options: BackupOptions, { step }: Steps): Promise<Manifest> {
  const { folder } = settings
  return withLock(folder, 'backup', async () => {
    try {
      const manifest = await makeBackup(settings, options, step)
      noteMetrics(folder, {
        hma_backup_last_success_timestamp_seconds: now(),
        hma_backup_last_size_bytes: manifest.dump.bytes,
      })
      return manifest
    } catch (error) {
      await rm(partialFolder(folder, settings.database), { recursive: true, force: true })
      noteMetrics(folder, { hma_backup_last_failure_timestamp_seconds: now() })
      throw error
    }
  })
}

async function makeBackup(settings: Settings, options: BackupOptions, step: Step): Promise<Manifest> {
  using store = openStore(settings.store)
  const partial = await startPartial(settings.folder, settings.database)
  const clientVersion = await step('check', () => preflight(settings, store, options.lockWaitSeconds))
  for (const copy of localCopies(settings.folder, settings.database))
    await step(`upload of ${copy.manifest.id}, which the store did not get before`, () =>
      publish(store, copy),
    )
  const manifest = await dumpAndDescribe({ settings, store, partial, clientVersion, options, step })
  const copy = await publishLocally(partial, manifest)
  await step('upload and read back', () => publish(store, copy))
  return manifest
}

/** Returns the version of pg_dump. */
async function preflight(
  { url, database, folder }: Settings,
  store: Store,
  lockWaitSeconds: number,
): Promise<string> {
  const limits = { lockWaitSeconds }
  const where = `${url.username}@${url.host}${url.pathname}`
  const version = await checkDatabase(url, (client) => checkSource(client, where), limits)
  const last = (await listBackups(store, database)).find(({ isVerified }) => isVerified)
  await checkDatabase(url, (client) => checkSpace(client, folder, last), limits)
  return version
}

interface Job {
  settings: Settings
  store: Store
  partial: string
  clientVersion: string
  options: BackupOptions
  step: Step
}

async function dumpAndDescribe(job: Job): Promise<Manifest> {
  const { settings, store, clientVersion } = job
  const { url, database, applicationBucket } = settings
  await using snapshot = await openSnapshot(url, job.options.lockWaitSeconds)
  const { dump, contents } = await dumpAndCount(job, snapshot)
  const { described } = snapshot
  return {
    format: 2,
    id: idOf(new Date(described.takenAt)),
    database,
    ...described,
    clientVersion,
    dump,
    contents,
    objects:
      applicationBucket === undefined
        ? null
        : { bucket: applicationBucket, versions: await store.listVersions({ bucket: applicationBucket }) },
  }
}

/** Both at once, from one snapshot; a failure of one ends the other. */
async function dumpAndCount({ settings, partial, options, step }: Job, snapshot: Snapshot) {
  const file = join(partial, FILES.dump)
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, AbortSignal.timeout(options.withinMinutes * 60_000)])
  const { lockWaitSeconds } = options
  const dumping = { url: settings.url, snapshot: snapshot.id, file, lockWaitSeconds, signal }
  try {
    const [dump, contents] = await Promise.all([
      step('dump', () => writeDump(dumping)),
      step('counts and hashes', () => readSnapshotContents(snapshot)),
    ])
    await step('decode', () => decodeDump(file, signal))
    return { dump, contents }
  } finally {
    failure.abort()
  }
}

/**
 * An upload that was cut off or killed has left its parts. The manifest is written last, after the copy in the store was read back; then
 * the local copy has done its duty.
 */
async function publish(store: Store, { folder, dump, manifest }: LocalCopy): Promise<void> {
  const { database, id } = manifest
  const key = keyOf(database, id, 'dump')
  requireEqual(manifest.dump, await hashFile(dump), dump)
  await store.discardParts(key)
  await store.put(key, createReadStream(dump))
  const stored = await store.digestOf(key)
  requireEqual(manifest.dump, stored, `${store.where}, ${key}`)
  await store.put(keyOf(database, id, 'manifest'), textOf(manifest))
  await rm(folder, { recursive: true })
}
