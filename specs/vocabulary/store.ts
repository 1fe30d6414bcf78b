// An S3 client for the object store of a running stack. Each call returns its result, or the name of the error.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Project } from '../../harness/index.ts'
import { addressOf, secretOf } from './clients.ts'
import type { Variant } from './compose.ts'
import { readObject, unfinishedUploads, writeObject } from './stored-backups.ts'

export interface Store extends Disposable {
  put(Bucket: string, Key: string, Body: string): Promise<string>
  /** The newest version, or the given one. */
  get(Bucket: string, Key: string, VersionId?: string): Promise<string>
  /** All bytes of the newest version. */
  read(Bucket: string, Key: string): Promise<Buffer>
  write(Bucket: string, Key: string, Body: Buffer): Promise<void>
  /** Of all keys that begin so. */
  versionsOf(Bucket: string, Key: string): Promise<string[]>
  versioning(Bucket: string): Promise<string>
  /** Names of the buckets that the key can list. */
  buckets(): Promise<string[]>
  createBucket(Bucket: string): Promise<string>
  /** Its rules that end objects or versions, without their names; `of` is what a rule is limited to. */
  rules(Bucket: string): Promise<Record<string, unknown>[]>
  /** The result of each action that only an owner may perform. Without a version it is the newest one that the key can list. */
  attemptForbidden(Bucket: string, Key: string, VersionId?: string): Promise<Record<string, string>>
  /** The result of listing, writing, reading and removing an object, in this order. */
  attemptAll(Bucket: string, Key: string): Promise<string[]>
  list(Bucket: string): Promise<string>
  /** At most a thousand. */
  keys(Bucket: string): Promise<string[]>
  /** Keys of uploads that were begun and did not end. */
  unfinished(Bucket: string): Promise<string[]>
  remove(Bucket: string, Key: string): Promise<string>
}

/** With the application's key. */
export async function asApplication(project: Project): Promise<Store> {
  return storeOf(project, 'bucket-key-id', 'bucket-key-secret')
}

/** With the root user's key. */
export async function asRoot(project: Project, variant: Variant = 'test'): Promise<Store> {
  return storeOf(project, 'minio-root-user', 'minio-root-password', variant)
}

/** With the key of the archive. */
export async function asArchive(project: Project): Promise<Store> {
  return storeOf(project, 'archive-key-id', 'archive-key-secret')
}

/** With the key of the backups. */
export async function asBackup(project: Project, variant: Variant = 'test'): Promise<Store> {
  return storeOf(project, 'backup-key-id', 'backup-key-secret', variant)
}

/** Status of a request without a key. */
export async function anonymousStatus(project: Project, path: string, method = 'GET'): Promise<number> {
  const reply = await fetch(new URL(path, await addressOf(project, 'minio', 9000)), { method })
  return reply.status
}

async function storeOf(
  project: Project,
  id: string,
  secret: string,
  variant: Variant = 'test',
): Promise<Store> {
  const client = new S3Client({
    endpoint: (await addressOf(project, 'minio', 9000, variant)).href,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: await secretOf(project, id),
      secretAccessKey: await secretOf(project, secret),
    },
  })
  const removeVersion = (Bucket: string, Key: string, VersionId: string) =>
    resultOf(client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))
  const versionsOf = async (Bucket: string, Prefix: string) => {
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }))
    return Versions.map(({ VersionId = '' }) => VersionId)
  }
  const put = (Bucket: string, Key: string, Body: string) =>
    resultOf(client.send(new PutObjectCommand({ Bucket, Key, Body })))
  const get = (Bucket: string, Key: string, VersionId?: string) =>
    resultOf(
      client
        .send(new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }))
        .then(({ Body }) => Body?.transformToString()),
    )
  const list = (Bucket: string) =>
    resultOf(client.send(new ListObjectsV2Command({ Bucket })).then(() => 'listed'))
  const remove = (Bucket: string, Key: string) =>
    resultOf(client.send(new DeleteObjectCommand({ Bucket, Key })))
  return {
    put,
    get,
    read: (name, key) => readObject({ name, client }, key),
    write: (name, key, body) => writeObject({ name, client }, key, body),
    list,
    async keys(Bucket) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }))
      return Contents.map(({ Key = '' }) => Key)
    },
    remove,
    attemptAll: async (Bucket, Key) => [
      ...[await list(Bucket), await put(Bucket, Key, 'tried')],
      ...[await get(Bucket, Key), await remove(Bucket, Key)],
    ],
    versionsOf,
    versioning: (Bucket) =>
      resultOf(client.send(new GetBucketVersioningCommand({ Bucket })).then(({ Status }) => Status)),
    rules: (Bucket) => rulesOf(client, Bucket),
    async buckets() {
      const { Buckets = [] } = await client.send(new ListBucketsCommand({}))
      return Buckets.map(({ Name = '' }) => Name)
    },
    unfinished: (name) => unfinishedUploads({ name, client }),
    createBucket: (Bucket) => resultOf(client.send(new CreateBucketCommand({ Bucket }))),
    async attemptForbidden(Bucket, Key, VersionId) {
      const version = VersionId ?? (await versionsOf(Bucket, Key))[0] ?? ''
      const off = { Status: 'Suspended' as const }
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
      return {
        'removes a version': await removeVersion(Bucket, Key, version),
        'suspends versioning': await resultOf(
          client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: off })),
        ),
        'lets objects expire': await resultOf(
          client.send(
            new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: EXPIRING }),
          ),
        ),
        'changes the policy': await resultOf(client.send(new PutBucketPolicyCommand({ Bucket, Policy }))),
        'removes the bucket': await resultOf(client.send(new DeleteBucketCommand({ Bucket }))),
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  }
}

/** A rule that would end every object and every version of it. */
const EXPIRING = {
  Rules: [
    {
      ...{ ID: 'attempt', Status: 'Enabled' as const, Filter: { Prefix: '' } },
      ...{ Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    },
  ],
}

/** None where the store has no rules of that bucket. */
async function rulesOf(client: S3Client, Bucket: string): Promise<Record<string, unknown>[]> {
  try {
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    return Rules.map(({ ID: _, Filter = {}, ...rule }) => ({
      ...rule,
      of: Object.values(Filter).filter(Boolean),
    }))
  } catch (error) {
    if ((error as Error).name === 'NoSuchLifecycleConfiguration') return []
    throw error
  }
}

/** The response, `done` where it has no text, or the name of the error. */
async function resultOf(answer: Promise<unknown>): Promise<string> {
  try {
    const value = await answer
    return typeof value === 'string' ? value : 'done'
  } catch (error) {
    return (error as Error).name
  }
}
