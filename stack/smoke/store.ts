// Probe of the object store over S3 with the application's key: reads an object, writes a part of another and aborts it, and
// checks that the bucket is versioned and private. The object is written once, by the first run; nothing else stays.
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { Probe } from './probe.ts'

const KEY = 'smoke/probe'
const BODY = 'The smoke test reads this. It may be deleted.'

interface Access {
  url: string
  bucket: string
  keyId: string
  keySecret: string
}

export function storeProbe(access: Access): Probe {
  const { url, bucket } = access
  return {
    next: 'scripts/compose.sh logs minio bucket',
    async run(signal) {
      const client = createClient(access)
      try {
        await readBack(client, bucket, signal)
        await writeAndAbort(client, bucket, signal)
        await checkVersioning(client, bucket, signal)
        await checkPrivate(`${url}/${bucket}/${KEY}`, signal)
      } finally {
        client.destroy()
      }
      return `reads and writes ${bucket}, which is private and versioned`
    },
  }
}

function createClient({ url, keyId, keySecret }: Access): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: keyId, secretAccessKey: keySecret },
  })
}

async function readBack(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
  const get = () => client.send(new GetObjectCommand({ Bucket, Key: KEY }), { abortSignal })
  const reply = await get().catch(async (error: Error) => {
    if (error.name !== 'NoSuchKey') throw error
    await client.send(new PutObjectCommand({ Bucket, Key: KEY, Body: BODY }), { abortSignal })
    return get()
  })
  if ((await reply.Body?.transformToString()) !== BODY) throw new Error(`${KEY} is not what was written`)
}

async function writeAndAbort(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
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

async function checkVersioning(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<void> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }), { abortSignal })
  if (Status !== 'Enabled') throw new Error(`${Bucket} is not versioned`)
}

async function checkPrivate(url: string, signal: AbortSignal): Promise<void> {
  const { status } = await fetch(url, { signal })
  if (status !== 403) throw new Error(`it answers ${status} without a key, and not 403`)
}
