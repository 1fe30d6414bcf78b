// The object store for specs (S3 protocol): one bucket per lease.
import { MinioContainer } from '@testcontainers/minio'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { type RunningContainer, type ServiceOptions, startContainer } from './container.ts'

export interface ObjectStore {
  container: RunningContainer
  endpoint: string
  accessKey: string
  secretKey: string
  version: string
}

/** Returns once the store reports over HTTP that it is ready. */
export async function startObjectStore(owner: Ownership, options: ServiceOptions): Promise<ObjectStore> {
  const accessKey = 'harness'
  const { image, password: secretKey } = options
  let endpoint = ''
  let version = ''
  const container = await startContainer(owner, {
    ...options,
    service: 'minio',
    container: new MinioContainer(image.reference)
      .withUsername(accessKey)
      .withPassword(secretKey)
      .withCommand(['server', '/data'])
      .withTmpFs({ '/data': 'rw,size=1g' }),
    isReady: async ({ host, port }) => {
      endpoint = `http://${host}:${port(9000)}`
      const reply = await fetch(`${endpoint}/minio/health/ready`, { signal: AbortSignal.timeout(2000) })
      if (!reply.ok) throw new Error(`ready answered ${reply.status}`)
      version = reply.headers.get('server') ?? ''
    },
  })
  return { container, endpoint, accessKey, secretKey, version }
}
