// One bucket of an S3 store. Streams only: memory does not grow with the size of a dump. Every wait is bounded.
import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { type Digest, hashOf } from './dump.ts'
import type { ObjectVersion } from './manifest.ts'
import type { StoreAccess } from './store-access.ts'

const CONNECT_TIMEOUT_MS = 5000
/** A store that sends nothing for so long is considered lost. */
const SILENCE_MS = 30_000
const ATTEMPTS = 3
const PART_BYTES = 8 * 2 ** 20
const PARTS_AT_ONCE = 2

export interface StoredObject {
  key: string
  bytes: number
}

export interface Store extends Disposable {
  /** For messages. */
  where: string
  /** Uploads in parts; an upload that fails leaves nothing behind that can be read. */
  put(key: string, body: Readable | string): Promise<void>
  /** Ends uploads of that key that did not come to their end: their parts fill the store, and no list of objects shows them. */
  discardParts(key: string): Promise<void>
  get(key: string): Promise<Readable>
  /** The whole object; undefined where there is none. */
  readText(key: string): Promise<string | undefined>
  list(prefix: string): Promise<StoredObject[]>
  /** SHA-256 and size of an object, of which every byte is read. */
  digestOf(key: string): Promise<Digest>
  /** All versions of all objects below a prefix: of this bucket, or of another one of the same store. */
  listVersions(of: { bucket?: string; prefix?: string }): Promise<ObjectVersion[]>
  remove(key: string): Promise<void>
}

/** Each call throws CliError (exit 3) that says which bucket and why, when the store does not do it. */
export function openStore(access: StoreAccess): Store {
  const client = createClient(access)
  const Bucket = access.bucket
  const where = `bucket ${Bucket} at ${access.url}`
  const bounded = <T>(act: Promise<T>) =>
    act.catch((cause: unknown) => Promise.reject(storeError(where, cause)))
  return {
    where,
    put: (key, body) => bounded(upload(client, Bucket, key, body)),
    discardParts: (key) => bounded(discardParts(client, Bucket, key)),
    get: (key) => bounded(download(client, Bucket, key)),
    readText: (key) => bounded(readText(client, Bucket, key)),
    list: (prefix) => bounded(list(client, Bucket, prefix)),
    digestOf: (key) => bounded(download(client, Bucket, key).then(hashOf)),
    listVersions: ({ bucket = Bucket, prefix = '' }) => bounded(listVersions(client, bucket, prefix)),
    remove: (Key) => bounded(client.send(new DeleteObjectCommand({ Bucket, Key })).then(() => {})),
    [Symbol.dispose]: () => client.destroy(),
  }
}

function createClient({ url, keyId, keySecret }: StoreAccess): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: ATTEMPTS,
    credentials: { accessKeyId: keyId, secretAccessKey: keySecret },
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_MS },
  })
}

async function upload(client: S3Client, Bucket: string, Key: string, Body: Readable | string): Promise<void> {
  const params = { Bucket, Key, Body }
  await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done()
}

/** MinIO finds them by their whole key alone. */
async function discardParts(client: S3Client, Bucket: string, Key: string): Promise<void> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))
  for (const { Key: own, UploadId } of Uploads)
    if (own === Key) await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
}

async function download(client: S3Client, Bucket: string, Key: string): Promise<Readable> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
  return Body as Readable
}

async function readText(client: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
    return await Body?.transformToString()
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined
    throw error
  }
}

async function list(client: S3Client, Bucket: string, Prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = []
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
    found.push(...Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size })))
  return found
}

async function listVersions(client: S3Client, Bucket: string, Prefix: string): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = []
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...marker }))
    for (const { Key = '', VersionId = '', Size = 0, IsLatest = false } of page.Versions ?? [])
      found.push({ key: Key, versionId: VersionId, bytes: Size, isLatest: IsLatest })
    if (!page.IsTruncated) return found
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}

/** Also for a stream of the store that breaks in the middle. */
export function storeError(where: string, cause: unknown): CliError {
  const { name, message, code } = cause as Error & { code?: string }
  return new CliError({
    what: `The object store does not do it: ${[code ?? name, message].filter(Boolean).join(', ')}.`,
    where,
    next: 'scripts/smoke.sh --only minio',
    exitCode: EXIT.unreachable,
    cause,
  })
}
