// Redis for specs: one logical database per lease, which no key name can escape.

import type { Ownership } from '../../stack/engine/ownership.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import { type RunningContainer, startContainer } from './container.ts'

export interface RedisServer {
  container: RunningContainer
  /** Without a database number; append `/N`. */
  url: string
  version: string
}

export const KEY_SPACES = 512

/** Boots Redis and returns once it has answered INFO to a client with the password. */
export async function startRedis(
  owner: Ownership,
  plan: { image: ResolvedImage; network: string; password: string },
): Promise<RedisServer> {
  let url = ''
  let version = ''
  const container = await startContainer(owner, {
    service: 'redis',
    image: plan.image,
    network: plan.network,
    ports: [6379],
    tmpfs: { '/data': 'rw,size=256m' },
    environment: { REDISCLI_AUTH: plan.password },
    command: ['redis-server', '--requirepass', plan.password, '--databases', `${KEY_SPACES}`, '--save', ''],
    answers: async ({ host, port }) => {
      url = `redis://:${plan.password}@${host}:${port(6379)}`
      version = await askVersion(url)
    },
  })
  return { container, url, version }
}

/** Loads the client only now: it costs a tenth of a second. */
async function askVersion(url: string): Promise<string> {
  const { createClient } = await import('redis')
  const client = createClient({ url, socket: { connectTimeout: 2000, reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  const info = await client.info('server')
  await client.close()
  return /redis_version:(\S+)/.exec(info)?.[1] ?? ''
}
