// Buckets of the object store. In a file of its own, because the S3 client takes a tenth of a second to load.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'

export interface BucketLocation {
  endpoint: string
  accessKey: string
  secretKey: string
  name: string
}

/** A client that puts the bucket into the path, as MinIO expects. The caller destroys it. */
export function openS3Client({ endpoint, accessKey, secretKey }: Omit<BucketLocation, 'name'>): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
}

/** Creates a versioned bucket. */
export async function createBucket({ name: Bucket, ...store }: BucketLocation): Promise<void> {
  const client = openS3Client(store)
  await client.send(new CreateBucketCommand({ Bucket }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  client.destroy()
}

/** Removes a bucket with every version of everything in it. */
export async function removeBucket({ name: Bucket, ...store }: BucketLocation): Promise<void> {
  const client = openS3Client(store)
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length === 0) break
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
  }
  await client.send(new DeleteBucketCommand({ Bucket }))
  client.destroy()
}
