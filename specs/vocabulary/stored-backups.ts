// The objects of backups in the bucket of a test.
import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Database } from '../../harness/index.ts'

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

/** Makes the oldest version of an object its newest again. */
export async function bringBack({ name, client }: Bucket, key: string): Promise<void> {
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: name, Prefix: key }))
  const CopySource = `${name}/${key}?versionId=${Versions.at(-1)?.VersionId}`
  await client.send(new CopyObjectCommand({ Bucket: name, Key: key, CopySource }))
}

interface Stored {
  manifest: { dump: { bytes: number; sha256: string } }
  dump: Buffer
}

/** A backup as it is in the bucket. */
export async function readStored(bucket: Bucket, db: Database, id: string): Promise<Stored> {
  const read = (file: string) => readObject(bucket, `${db.name}/${id}/${file}`)
  return { manifest: JSON.parse((await read('manifest.json')).toString()), dump: await read('dump') }
}

/** Puts the dump of one backup in the place of another's, with size and hash in the manifest. */
export async function replaceContents(
  bucket: Bucket,
  db: Database,
  { of, by }: { of: string; by: string },
): Promise<void> {
  const [target, source] = [await readStored(bucket, db, of), await readStored(bucket, db, by)]
  await writeObject(bucket, `${db.name}/${of}/dump`, source.dump)
  const manifest = { ...target.manifest, dump: source.manifest.dump }
  await writeObject(bucket, `${db.name}/${of}/manifest.json`, JSON.stringify(manifest))
}
