// Probe of Redis: AUTH, SET, GET and DEL of a key that only this run uses; a client without the password is refused.
import { randomUUID } from 'node:crypto'
import { createClient } from 'redis'
import type { Probe } from './probe.ts'

/** Removes its key; if it is killed before, the key expires within a minute. */
export function cacheProbe(url: string, password: string): Probe {
  return {
    async run(signal) {
      const what = await replyTo(url, password, signal, roundTrip)
      const anonymous = await replyTo(url, undefined, signal, (client) => client.ping()).catch(String)
      if (!/NOAUTH/.test(anonymous)) throw new Error(`it answers without a password (${anonymous})`)
      return what
    },
  }
}

type Client = ReturnType<typeof createClient>

async function roundTrip(client: Client): Promise<string> {
  const key = `smoke:${randomUUID()}`
  await client.set(key, key, { expiration: { type: 'EX', value: 60 } })
  const read = await client.get(key)
  await client.del(key)
  if (read !== key) throw new Error('it does not return the value that was set')
  return 'sets a key and returns it'
}

async function replyTo(
  url: string,
  password: string | undefined,
  signal: AbortSignal,
  ask: (client: Client) => Promise<string>,
): Promise<string> {
  const login = password === undefined ? {} : { password }
  const client = createClient({ url, ...login, socket: { reconnectStrategy: false } }) as Client
  client.on('error', () => {})
  signal.addEventListener('abort', () => client.isOpen && client.destroy())
  try {
    await client.connect()
    return await ask(client)
  } finally {
    if (client.isOpen) client.destroy()
  }
}
