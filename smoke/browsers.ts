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

export function redisCommanderProbe(url: string): Probe {
  return {
    service: 'redis-commander',
    next: 'scripts/compose.sh --profile tools logs redis-commander',
    async touch(signal) {
      const info = await textAt(`${url}/apiv2/server/${CONNECTION}/info`, signal)
      if (!info.includes('Redis version')) throw new Failure('it does not reach redis')
      const { status } = await fetch(`${url}/apiv2/key/${CONNECTION}/smoke`, { method: 'POST', signal })
      if (status !== 403) throw new Failure(`it answers a write with ${status}, and not with 403`)
      return 'reads redis, and refuses to write'
    },
  }
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  const reply = await fetch(url, { signal })
  if (reply.status !== 200) throw new Failure(`it answers ${reply.status}`)
  return reply.text()
}
