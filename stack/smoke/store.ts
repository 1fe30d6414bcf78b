// The object store over S3, as the application: reads an object, writes a part of one and takes it back, and sees that the
// bucket keeps versions and lets no stranger in. The object is written once; after that nothing is left behind.
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Failure, type Probe } from './probe.ts'

const KEY = 'stack/smoke/probe'
const BODY = 'The smoke test reads this. It may be deleted.'

interface Access {
  url: string
  bucket: string
  keyId: string
  keySecret: string
}

export function storeProbe({ url, bucket, keyId, keySecret }: Access): Probe {
  const open = () =>
    new S3Client({
      endpoint: url,
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: keyId, secretAccessKey: keySecret },
    })
  return {
    service: 'minio',
    next: 'scripts/compose.sh logs minio bucket',
    async touch(signal) {
      const client = open()
      try {
        await readBack(client, bucket, signal)
        await writeAndTakeBack(client, bucket, signal)
        await seeItKeepsVersions(client, bucket, signal)
        await seeItIsPrivate(`${url}/${bucket}/${KEY}`, signal)
      } finally {
        client.destroy()
      }
      return `reads and writes ${bucket}, which is private and versioned`
    },
  }
}

async function readBack(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
  const get = () => client.send(new GetObjectCommand({ Bucket, Key: KEY }), { abortSignal })
  const reply = await get().catch(async (error: Error) => {
    if (error.name !== 'NoSuchKey') throw error
    await client.send(new PutObjectCommand({ Bucket, Key: KEY, Body: BODY }), { abortSignal })
    return get()
  })
  if ((await reply.Body?.transformToString()) !== BODY) throw new Failure(`${KEY} is not what was written`)
}

async function writeAndTakeBack(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
  const object = { Bucket, Key: `${KEY}.part` }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object), { abortSignal })
  try {
    await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: BODY }), {
      abortSignal,
    })
  } finally {
    await client.send(new AbortMultipartUploadCommand({ ...object, UploadId }))
  }
}

async function seeItKeepsVersions(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }), { abortSignal })
  if (Status !== 'Enabled') throw new Failure(`${Bucket} keeps no versions`)
}

async function seeItIsPrivate(url: string, signal: AbortSignal): Promise<void> {
  const { status } = await fetch(url, { signal })
  if (status !== 403) throw new Failure(`a stranger is answered ${status}, and not 403`)
}
