// Redis for specs: one logical database per lease, so that leases share no keys.
import { RedisContainer } from '@testcontainers/redis'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { type RunningContainer, type ServiceOptions, startContainer } from './container.ts'

export interface RedisServer {
  container: RunningContainer
  /** Without a database number; append `/N`. */
  url: string
  version: string
}

/** How many logical databases it has. */
export const REDIS_DATABASES = 512

/** Returns once Redis has answered INFO to a client with the password. */
export async function startRedis(owner: Ownership, options: ServiceOptions): Promise<RedisServer> {
  const { image, password } = options
  let url = ''
  let version = ''
  const container = await startContainer(owner, {
    ...options,
    service: 'redis',
    container: new RedisContainer(image.reference)
      .withPassword(password)
      .withEnvironment({ REDISCLI_AUTH: password })
      .withCommand(['redis-server', '--databases', `${REDIS_DATABASES}`, '--save', ''])
      .withTmpFs({ '/data': 'rw,size=256m' }),
    isReady: async ({ host, port }) => {
      url = `redis://:${password}@${host}:${port(6379)}`
      version = await readVersion(url)
    },
  })
  return { container, url, version }
}

/** Loads the client only now: it costs a tenth of a second. */
async function readVersion(url: string): Promise<string> {
  const { createClient } = await import('redis')
  const client = createClient({ url, socket: { connectTimeout: 2000, reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  const info = await client.info('server')
  await client.close()
  return /redis_version:(\S+)/.exec(info)?.[1] ?? ''
}
