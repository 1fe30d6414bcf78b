// The two browsers of profile tools, over HTTP: that each is there, and that it knows the server it is for.
import { Failure, type Probe } from './probe.ts'

export function adminerProbe(url: string): Probe {
  return {
    service: 'adminer',
    next: 'scripts/compose.sh --profile tools logs adminer',
    async touch(signal) {
      const page = await textAt(url, signal)
      if (!/name=.auth\[server\].*value=.postgres/.test(page))
        throw new Failure('it does not offer to log in to postgres')
      return 'offers to log in to postgres'
    },
  }
}

/** Redis Commander names a connection by where it leads. */
const CONNECTION = 'R:redis:6379:0'

export function redisCommanderProbe(url: string, password: string): Probe {
  return {
    service: 'redis-commander',
    next: 'scripts/compose.sh --profile tools logs redis-commander',
    async touch(signal) {
      const path = `${url}/apiv2/server/${CONNECTION}/info`
      const stranger = await fetch(path, { signal })
      if (stranger.status !== 401)
        throw new Failure(`it answers a stranger with ${stranger.status}, and not with 401`)
      const headers = await signIn(url, password, signal)
      const info = await textAt(path, signal, headers)
      if (!info.includes('Redis version')) throw new Failure('it does not reach redis')
      const write = { method: 'POST', headers, signal }
      const { status } = await fetch(`${url}/apiv2/key/${CONNECTION}/smoke`, write)
      if (status !== 403) throw new Failure(`it answers a write with ${status}, and not with 403`)
      return 'reads redis, and refuses to write'
    },
  }
}

/** What shows that one has signed in. Throws Failure where the password is not taken. */
async function signIn(url: string, password: string, signal: AbortSignal): Promise<Record<string, string>> {
  const body = new URLSearchParams({ username: 'hma', password })
  const reply = await fetch(`${url}/signin`, { method: 'POST', body, signal })
  const { ok, bearerToken } = (await reply.json()) as { ok: boolean; bearerToken?: string }
  if (!ok) throw new Failure('it does not take the password of redis')
  return { Authorization: `Bearer ${bearerToken}` }
}

async function textAt(
  url: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<string> {
  const reply = await fetch(url, { signal, headers })
  if (reply.status !== 200) throw new Failure(`it answers ${reply.status}`)
  return reply.text()
}
