// Redis: AUTH, SET, GET and DEL of a key of this moment alone; without the password it must answer nothing.
import { randomUUID } from 'node:crypto'
import { createClient } from 'redis'
import { Failure, type Probe } from './probe.ts'

/** Leaves nothing behind; were it killed in between, the key would end by itself within a minute. */
export function cacheProbe(url: string, password: string): Probe {
  return {
    service: 'redis',
    next: 'scripts/compose.sh logs redis',
    async touch(signal) {
      const stranger = await replyTo(url, undefined, signal, (client) => client.ping()).catch(String)
      if (!/NOAUTH/.test(stranger)) throw new Failure(`it answers without a password (${stranger})`)
      return replyTo(url, password, signal, roundTrip)
    },
  }
}

type Client = ReturnType<typeof createClient>

async function roundTrip(client: Client): Promise<string> {
  const key = `smoke:${randomUUID()}`
  await client.set(key, key, { expiration: { type: 'EX', value: 60 } })
  const read = await client.get(key)
  await client.del(key)
  if (read !== key) throw new Failure('it does not give back what it was given')
  return 'kept a key and gave it back'
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
