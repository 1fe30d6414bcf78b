// The backups in the store: `<bucket>/<database>/<id>/dump` beside `manifest.json`, and `restore-test.json` once it was restored.
import { type Manifest, momentOf, parseManifest } from './manifest.ts'
import type { Store, StoredObject } from './store.ts'

export interface StoredBackup {
  id: string
  takenAt: Date
  /** Size of the dump as the store has it; 0 without one. */
  bytes: number
  /** False for what an upload that did not end has left. */
  hasManifest: boolean
  /** Complete, and read back equal after the upload: the manifest is there, and the dump has the size that it states. */
  isVerified: boolean
  /** Its last restore test found that it is not as it was. */
  isDisproven: boolean
}

/** What a folder of the store holds. */
export const FILES = { dump: 'dump', manifest: 'manifest.json', restoreTest: 'restore-test.json' } as const

export function keyOf(database: string, id: string, file: keyof typeof FILES): string {
  return `${database}/${id}/${FILES[file]}`
}

/** Newest first, with those that are incomplete. */
export async function listBackups(store: Store, database: string): Promise<StoredBackup[]> {
  const objects = await store.list(`${database}/`)
  const byId = Map.groupBy(objects, ({ key }) => key.split('/')[1] ?? '')
  const backups = await Promise.all([...byId].map(([id, files]) => describe(store, database, id, files)))
  return backups.filter((backup) => backup !== undefined).sort((one, other) => (one.id < other.id ? 1 : -1))
}

async function describe(
  store: Store,
  database: string,
  id: string,
  files: StoredObject[],
): Promise<StoredBackup | undefined> {
  const takenAt = momentOf(id)
  if (takenAt === undefined) return undefined
  const find = (file: keyof typeof FILES) => files.find(({ key }) => key === keyOf(database, id, file))
  const bytes = find('dump')?.bytes ?? 0
  // One of 0 bytes was damaged, and is not what an upload has left: that never stores a part of an object.
  const hasManifest = find('manifest') !== undefined
  const manifest = hasManifest ? await readManifest(store, database, id) : undefined
  const isDisproven = find('restoreTest') !== undefined && (await wasDisproven(store, database, id))
  return { id, takenAt, bytes, hasManifest, isVerified: manifest?.dump.bytes === bytes, isDisproven }
}

/** Undefined where there is none, or where it is damaged or cannot be understood. */
export async function readManifest(
  store: Store,
  database: string,
  id: string,
): Promise<Manifest | undefined> {
  const text = await store.readText(keyOf(database, id, 'manifest'))
  if (text === undefined) return undefined
  const manifest = parseManifest(text)
  return manifest?.id === id && manifest.database === database ? manifest : undefined
}

/** A report that cannot be read says nothing against the backup. */
async function wasDisproven(store: Store, database: string, id: string): Promise<boolean> {
  const text = await store.readText(keyOf(database, id, 'restoreTest'))
  try {
    return JSON.parse(text ?? '').isProven === false
  } catch {
    return false
  }
}

/** Ids of complete backups of after that one which are in the store no more: of each, the versions are still there. */
export async function removedSince(store: Store, database: string, id: string): Promise<string[]> {
  const versions = await store.listVersions({ prefix: `${database}/` })
  const present = new Set(versions.filter(({ isLatest }) => isLatest).map(({ key }) => key))
  const ids = new Set(versions.map(({ key }) => key.split('/')[1] ?? '').filter((other) => other > id))
  const wasComplete = (other: string) =>
    versions.some(({ key }) => key === keyOf(database, other, 'manifest'))
  return [...ids].filter((other) => wasComplete(other) && !present.has(keyOf(database, other, 'manifest')))
}

/** The manifest goes first: what remains of an interrupted removal is no backup. */
export async function removeBackup(store: Store, database: string, id: string): Promise<void> {
  for (const file of ['manifest', 'dump', 'restoreTest'] as const)
    await store.remove(keyOf(database, id, file))
}
