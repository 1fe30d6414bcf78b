// The verbs specs use for the object store of a running stack, as an S3 client has them.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Project } from '../../harness/index.ts'
import { addressOf, secretOf } from './clients.ts'

export interface Store extends Disposable {
  put(Bucket: string, Key: string, Body: string): Promise<string>
  /** The newest, or one version. */
  get(Bucket: string, Key: string, VersionId?: string): Promise<string>
  versionsOf(Bucket: string, Key: string): Promise<string[]>
  versioning(Bucket: string): Promise<string>
  /** Names of the buckets that the key may see. */
  buckets(): Promise<string[]>
  make(Bucket: string): Promise<string>
  /** What the key is told to each act that is nobody's but an owner's. */
  attemptAll(Bucket: string, Key: string): Promise<Record<string, string>>
  list(Bucket: string): Promise<string>
  remove(Bucket: string, Key: string): Promise<string>
}

/** As the application, with its key. */
export async function asApplication(project: Project): Promise<Store> {
  return storeOf(project, 'bucket-key-id', 'bucket-key-secret')
}

/** As whoever started the store. */
export async function asRoot(project: Project): Promise<Store> {
  return storeOf(project, 'minio-root-user', 'minio-root-password')
}

/** Status of a request without any key. */
export async function anonymously(project: Project, path: string, method = 'GET'): Promise<number> {
  const reply = await fetch(new URL(path, await addressOf(project, 'minio', 9000)), { method })
  return reply.status
}

async function storeOf(project: Project, id: string, secret: string): Promise<Store> {
  const client = new S3Client({
    endpoint: (await addressOf(project, 'minio', 9000)).href,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: await secretOf(project, id),
      secretAccessKey: await secretOf(project, secret),
    },
  })
  const removeVersion = (Bucket: string, Key: string, VersionId: string) =>
    told(client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))
  const versionsOf = async (Bucket: string, Prefix: string) => {
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }))
    return Versions.map(({ VersionId = '' }) => VersionId)
  }
  return {
    put: (Bucket, Key, Body) => told(client.send(new PutObjectCommand({ Bucket, Key, Body }))),
    get: (Bucket, Key, VersionId) =>
      told(
        client
          .send(new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }))
          .then(({ Body }) => Body?.transformToString()),
      ),
    versionsOf,
    versioning: (Bucket) =>
      told(client.send(new GetBucketVersioningCommand({ Bucket })).then(({ Status }) => Status)),
    async buckets() {
      const { Buckets = [] } = await client.send(new ListBucketsCommand({}))
      return Buckets.map(({ Name = '' }) => Name)
    },
    make: (Bucket) => told(client.send(new CreateBucketCommand({ Bucket }))),
    list: (Bucket) => told(client.send(new ListObjectsV2Command({ Bucket })).then(() => 'listed')),
    remove: (Bucket, Key) => told(client.send(new DeleteObjectCommand({ Bucket, Key }))),
    async attemptAll(Bucket, Key) {
      const [version = ''] = await versionsOf(Bucket, Key)
      const off = { Status: 'Suspended' as const }
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
      return {
        'removes a version': await removeVersion(Bucket, Key, version),
        'keeps no more versions': await told(
          client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: off })),
        ),
        'opens the bucket': await told(client.send(new PutBucketPolicyCommand({ Bucket, Policy }))),
        'removes the bucket': await told(client.send(new DeleteBucketCommand({ Bucket }))),
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  }
}

/** The answer, `done` where it has no text, or the name of the refusal. */
async function told(answer: Promise<unknown>): Promise<string> {
  try {
    const value = await answer
    return typeof value === 'string' ? value : 'done'
  } catch (error) {
    return (error as Error).name
  }
}
