// The object store for specs (S3 protocol): one bucket per lease.

import type { Ownership } from '../../stack/engine/ownership.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import { type RunningContainer, startContainer } from './container.ts'

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
