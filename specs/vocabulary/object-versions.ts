// Objects of a versioned bucket with more versions than the store lists at once.
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { ObjectVersion } from '../../ops/backup/manifest.ts'
import type { Bucket } from './stored-backups.ts'

/** As many keys with as many versions that a page of 1000 ends among those of one key. */
const KEYS = Array.from({ length: 40 }, (_, at) => `models/größe ${`${at}`.padStart(2, '0')}`)
const VERSIONS = 26
/** On the first page and on the second. */
const DELETED = [KEYS.at(0), KEYS.at(-1)]
/** Deleted, and then written again. */
const WRITTEN_AGAIN = KEYS.at(1)

/** Writes them, each as many bytes long as its key has versions before it. Returns all versions, as the store answered to each. */
export async function writeVersions(bucket: Bucket): Promise<ObjectVersion[]> {
  const written: Omit<ObjectVersion, 'isLatest'>[] = []
  for (let bytes = 0; bytes < VERSIONS; bytes++) {
    if (bytes === VERSIONS / 2) await remove(bucket, WRITTEN_AGAIN)
    written.push(...(await Promise.all(KEYS.map((key) => writeVersion(bucket, key, bytes)))))
  }
  for (const key of DELETED) await remove(bucket, key)
  return written.map((version) => ({
    ...version,
    isLatest: version.bytes === VERSIONS - 1 && !DELETED.includes(version.key),
  }))
}

async function writeVersion({ name: Bucket, client }: Bucket, key: string, bytes: number) {
  const Body = Buffer.alloc(bytes, 'x')
  const { VersionId: versionId = '' } = await client.send(new PutObjectCommand({ Bucket, Key: key, Body }))
  return { key, versionId, bytes }
}

/** Leaves its versions, behind a mark that it was deleted. */
async function remove({ name: Bucket, client }: Bucket, Key: string | undefined): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket, Key }))
}

/** In an order of their own, to be compared. */
export function inOrder(versions: ObjectVersion[] = []): ObjectVersion[] {
  return versions.toSorted((one, other) => (one.versionId < other.versionId ? -1 : 1))
}
