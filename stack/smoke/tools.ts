// Probes of the two web clients of profile tools: each answers, and reaches its server.
import type { Probe } from './probe.ts'

export function adminerProbe(url: string): Probe {
  return {
    async run(signal) {
      const page = await textAt(url, signal)
      if (!/name=.auth\[server\].*value=.postgres/.test(page))
        throw new Error('it does not offer to log in to postgres')
      return 'offers to log in to postgres'
    },
  }
}

/** Redis Commander names a connection by its address. */
const CONNECTION = 'R:redis:6379:0'

export function redisCommanderProbe(url: string, password: string): Probe {
  return {
    async run(signal) {
      const path = `${url}/apiv2/server/${CONNECTION}/info`
      const anonymous = await fetch(path, { signal })
      if (anonymous.status !== 401)
        throw new Error(`it answers ${anonymous.status} without a login, and not 401`)
      const headers = await signIn(url, password, signal)
      const info = await textAt(path, signal, headers)
      if (!info.includes('Redis version')) throw new Error('it does not reach redis')
      const write = { method: 'POST', headers, signal }
      const { status } = await fetch(`${url}/apiv2/key/${CONNECTION}/smoke`, write)
      if (status !== 403) throw new Error(`it answers a write with ${status}, and not 403`)
      return 'reads redis, and refuses to write'
    },
  }
}

/** Headers of a signed-in client. Throws where the password is refused. */
async function signIn(url: string, password: string, signal: AbortSignal): Promise<Record<string, string>> {
  const body = new URLSearchParams({ username: 'hma', password })
  const reply = await fetch(`${url}/signin`, { method: 'POST', body, signal })
  const { ok, bearerToken } = (await reply.json()) as { ok: boolean; bearerToken?: string }
  if (!ok) throw new Error('it refuses the password of redis')
  return { Authorization: `Bearer ${bearerToken}` }
}

async function textAt(
  url: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<string> {
  const reply = await fetch(url, { signal, headers })
  if (reply.status !== 200) throw new Error(`it answers ${reply.status}`)
  return reply.text()
}
