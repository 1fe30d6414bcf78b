// The objects of backups in the bucket of a test.
import { createHash } from 'node:crypto'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Database } from '../../harness/index.ts'
import type { Manifest } from '../../ops/backup/manifest.ts'

export interface Bucket {
  name: string
  client: S3Client
}

export async function readObject({ name, client }: Bucket, key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

export async function writeObject(
  { name, client }: Bucket,
  key: string,
  body: Buffer | string,
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body }))
}

/** Its versions stay. */
export async function removeObject({ name, client }: Bucket, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }))
}

/** As many leftovers of older uploads as the store lists at once. */
export async function writeLeftovers(bucket: Bucket, db: Database): Promise<void> {
  const ids = Array.from({ length: 1000 }, (_, at) => `20200101T000000${`${at}`.padStart(3, '0')}Z`)
  for (let at = 0; at < ids.length; at += 50)
    await Promise.all(ids.slice(at, at + 50).map((id) => writeObject(bucket, `${db.name}/${id}/dump`, 'x')))
}

/** Keys of all objects. */
export async function keysIn({ name: Bucket, client }: Bucket): Promise<string[]> {
  const keys: string[] = []
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
    keys.push(...Contents.map(({ Key = '' }) => Key))
  return keys
}

/** Keys of uploads that were begun and did not end. */
export async function unfinishedUploads({ name: Bucket, client }: Bucket): Promise<string[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
  return Uploads.map(({ Key = '' }) => Key)
}

export interface State {
  id: string
  /** The dump is the one of its manifest, and nothing else is there. */
  isVerified: boolean
  hasManifest: boolean
}

/** What is in the bucket of each backup, newest first: read from the store, and not as our programs list it. */
export async function statesIn(bucket: Bucket): Promise<State[]> {
  const byFolder = Map.groupBy(await keysIn(bucket), (key) => key.replace(/\/[^/]*$/, ''))
  const states = [...byFolder].map(async ([folder, keys]) => {
    const files = keys.map((key) => key.slice(folder.length + 1))
    const hasManifest = files.includes('manifest.json')
    const isWhole = files.filter((file) => file !== 'restore-test.json').join() === 'dump,manifest.json'
    const isVerified = isWhole && (await fits(bucket, folder))
    return { id: folder.split('/')[1] ?? folder, isVerified, hasManifest }
  })
  return (await Promise.all(states)).sort((one, other) => (one.id < other.id ? 1 : -1))
}

async function fits(bucket: Bucket, folder: string): Promise<boolean> {
  const dump = await readObject(bucket, `${folder}/dump`)
  const manifest = JSON.parse(`${await readObject(bucket, `${folder}/manifest.json`)}`)
  return manifest.dump.bytes === dump.length && manifest.dump.sha256 === sha256(dump)
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The text of a manifest, with the hash of itself at its end. */
export function sealed(manifest: object): string {
  const text = JSON.stringify(manifest)
  return `${text.slice(0, -1)},"sha256":"${sha256(text)}"}`
}

/** Makes the oldest version of an object its newest again. */
export async function bringBack({ name, client }: Bucket, key: string): Promise<void> {
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: name, Prefix: key }))
  const CopySource = `${name}/${key}?versionId=${Versions.at(-1)?.VersionId}`
  await client.send(new CopyObjectCommand({ Bucket: name, Key: key, CopySource }))
}

/** A manifest with the hash of itself. */
export type StoredManifest = Manifest & { sha256: string }

interface Stored {
  manifest: StoredManifest
  dump: Buffer
}

/** A backup as it is in the bucket. */
export async function readStored(bucket: Bucket, db: Database, id: string): Promise<Stored> {
  const read = (file: string) => readObject(bucket, `${db.name}/${id}/${file}`)
  return { manifest: JSON.parse((await read('manifest.json')).toString()), dump: await read('dump') }
}

/** Puts the dump of one backup in the place of another's, with size and hash in the manifest, and the manifest's own hash. */
export async function replaceContents(
  bucket: Bucket,
  db: Database,
  { of, by }: { of: string; by: string },
): Promise<void> {
  await replaceDump(bucket, db, of, (await readStored(bucket, db, by)).dump)
}

/** Puts a dump in the place of a backup's, with its size and hash in the manifest, and the manifest's own hash. */
export async function replaceDump(bucket: Bucket, db: Database, id: string, dump: Buffer): Promise<void> {
  const { sha256: _, ...manifest } = (await readStored(bucket, db, id)).manifest
  await writeObject(bucket, `${db.name}/${id}/dump`, dump)
  const text = sealed({ ...manifest, dump: { bytes: dump.length, sha256: sha256(dump) } })
  await writeObject(bucket, `${db.name}/${id}/manifest.json`, text)
}

const DAY_MS = 86_400_000

/** Stores a backup once more, as one that was made so many days before it. Returns the id of that one. */
export async function storeAsOlder(bucket: Bucket, db: Database, id: string, days: number): Promise<string> {
  const { manifest, dump } = await readStored(bucket, db, id)
  const { sha256: _, ...described } = manifest
  const takenAt = new Date(Date.parse(described.takenAt) - days * DAY_MS).toISOString()
  const older = takenAt.replaceAll(/[-:.]/g, '')
  await writeObject(bucket, `${db.name}/${older}/dump`, dump)
  const text = sealed({ ...described, id: older, takenAt })
  await writeObject(bucket, `${db.name}/${older}/manifest.json`, text)
  return older
}
