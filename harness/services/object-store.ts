// The object store for specs (S3 protocol): one bucket per lease.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { ResolvedImage } from '../images.ts'
import { type RunningContainer, startContainer } from './container.ts'
import type { Ownership } from './ownership.ts'

export interface ObjectStore {
  container: RunningContainer
  endpoint: string
  accessKey: string
  secretKey: string
  version: string
}

/** Boots the store and returns once it reports itself ready over HTTP. */
export async function startObjectStore(
  owner: Ownership,
  plan: { image: ResolvedImage; network: string; password: string },
): Promise<ObjectStore> {
  let endpoint = ''
  let version = ''
  const container = await startContainer(owner, {
    service: 'minio',
    image: plan.image,
    network: plan.network,
    ports: [9000],
    tmpfs: { '/data': 'rw,size=1g' },
    environment: { MINIO_ROOT_USER: 'harness', MINIO_ROOT_PASSWORD: plan.password },
    command: ['server', '/data'],
    answers: async ({ host, port }) => {
      endpoint = `http://${host}:${port(9000)}`
      const reply = await fetch(`${endpoint}/minio/health/ready`, { signal: AbortSignal.timeout(2000) })
      if (!reply.ok) throw new Error(`ready answered ${reply.status}`)
      version = reply.headers.get('server') ?? ''
    },
  })
  return { container, endpoint, accessKey: 'harness', secretKey: plan.password, version }
}

export interface BucketAddress {
  endpoint: string
  accessKey: string
  secretKey: string
  name: string
}

/** A client with the store's own addressing. The caller destroys it. */
export function openStore({ endpoint, accessKey, secretKey }: Omit<BucketAddress, 'name'>): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
}

/** Creates a versioned bucket. */
export async function createBucket({ name: Bucket, ...store }: BucketAddress): Promise<void> {
  const client = openStore(store)
  await client.send(new CreateBucketCommand({ Bucket }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  client.destroy()
}

/** Removes a bucket with every version of everything in it. */
export async function removeBucket({ name: Bucket, ...store }: BucketAddress): Promise<void> {
  const client = openStore(store)
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length === 0) break
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
  }
  await client.send(new DeleteBucketCommand({ Bucket }))
  client.destroy()
}
