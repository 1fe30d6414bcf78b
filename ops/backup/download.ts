// Gets a backup out of the store. Nothing trusts a dump before its hash was compared with the manifest.
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { FILES, keyOf, listBackups, readManifest, removedSince } from './backups.ts'
import { hashThrough, requireEqual } from './dump.ts'
import type { Manifest } from './manifest.ts'
import { type Store, storeError } from './store.ts'

export interface Download extends AsyncDisposable {
  dump: string
  manifest: Manifest
}

/** The chosen backup, or the newest that was published: one that is damaged or removed is an error, and never replaced by an older one. */
export async function chooseBackup(
  store: Store,
  database: string,
  id: string | undefined,
): Promise<Manifest> {
  const backups = await listBackups(store, database)
  const chosen = backups.find((backup) => (id === undefined ? backup.hasManifest : backup.id === id))
  const next = 'scripts/backup.sh --list'
  if (chosen === undefined) throw refused(`There is no backup ${id ?? `of ${database}`}.`, store.where, next)
  const [removed] = id === undefined ? await removedSince(store, database, chosen.id) : []
  if (removed !== undefined)
    throw refused(
      `The backup ${removed}, which is newer than ${chosen.id}, was removed.`,
      store.where,
      'bring it back as docs/backups.md says, or make another one: scripts/backup.sh',
    )
  const manifest = chosen.isVerified ? await readManifest(store, database, chosen.id) : undefined
  if (manifest !== undefined) return manifest
  const problem = chosen.hasManifest
    ? 'is damaged: its manifest is not as it was written, or its dump has another size'
    : 'is incomplete'
  throw refused(`The backup ${chosen.id} ${problem}.`, store.where, next)
}

function refused(what: string, where: string, next: string): CliError {
  return new CliError({ what, where, next, exitCode: EXIT.failed })
}

/** Into that folder, which is removed with the download. Throws CliError (exit 1) when the dump is not what its manifest says. */
export async function downloadDump(store: Store, manifest: Manifest, folder: string): Promise<Download> {
  const remove = () => rm(folder, { recursive: true, force: true })
  await remove()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const dump = join(folder, FILES.dump)
  const key = keyOf(manifest.database, manifest.id, 'dump')
  try {
    const target = createWriteStream(dump, { flags: 'wx', mode: 0o600 })
    const digest = await hashThrough(await store.get(key), target)
    requireEqual(manifest.dump, digest, `${store.where}, ${key}`)
    return { dump, manifest, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error instanceof CliError ? error : transferError(store, folder, error as NodeJS.ErrnoException)
  }
}

function transferError(store: Store, folder: string, cause: NodeJS.ErrnoException): CliError {
  if (cause.code !== 'ENOSPC') return storeError(store.where, cause)
  const next = 'delete files there, or set HMA_BACKUP_FOLDER to a larger disk.'
  return new CliError({ what: 'The disk is full.', where: folder, next, exitCode: EXIT.refused })
}
