// Buckets of the object store. Apart from the store itself, because their client costs a tenth of a second to load.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'

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
