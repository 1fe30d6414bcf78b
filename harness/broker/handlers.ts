// What the broker does for each request of a worker.

import { CliError } from '../../config/cli-error.ts'
import { requireImages } from '../../stack/images/status.ts'
import { CLUSTER_DATABASE, type ClusterServer } from '../containers/clusters.ts'
import { readLog } from '../containers/inside.ts'
import { KEY_SPACES } from '../containers/redis.ts'
import type { Journal } from './journal.ts'
import type { RequestName, Requests } from './protocol.ts'
import type { Stack } from './stack.ts'

export type Handlers = {
  [R in RequestName]: (body: Requests[R]['sends'], held: Held) => Promise<Requests[R]['gets']>
}

/** What one worker holds, by the id of the lease. */
export type Held = Map<number, Holding>

interface Holding {
  /** Answers whether it was kept. */
  giveBack: (keep: boolean) => Promise<boolean>
  cluster?: ClusterServer
}

export interface LeaseRules {
  /** Passwords of the login roles, by role name. */
  roles: Record<string, string>
  /** How many databases of failed tests stay for a look; none where the stack ends with the run. */
  keepMost: number
}

/** The handlers of one run. Leases are numbered across all workers. */
export function handlersOf(stack: Stack, journal: Journal, rules: LeaseRules): Handlers {
  let leases = 0
  const lend = (held: Held, holding: Holding): number => {
    const id = ++leases
    held.set(id, holding)
    return id
  }
  return {
    ...databaseHandlers(stack, rules, lend),
    ...clusterHandlers(stack, rules, lend),
    ...serviceHandlers(stack, lend),
    async 'require images'() {
      await requireImages()
      return null
    },
    async release({ id, keep, waitedMs }, held) {
      if (waitedMs !== undefined) journal.waited(waitedMs)
      const holding = held.get(id)
      held.delete(id)
      return { kept: (await holding?.giveBack(keep)) ?? false }
    },
  }
}

type Lend = (held: Held, holding: Holding) => number

function databaseHandlers(
  stack: Stack,
  { roles, keepMost }: LeaseRules,
  lend: Lend,
): Pick<Handlers, 'lease database' | 'read log'> {
  const kept: string[] = []
  const giveBack = async (name: string, keep: boolean) => {
    if (keep && keepMost > 0) kept.push(name)
    else await stack.databases.drop(name)
    const oldest = kept.length > keepMost ? kept.shift() : undefined
    if (oldest !== undefined) await stack.databases.drop(oldest)
    return kept.includes(name)
  }
  return {
    async 'lease database'({ kind }, held) {
      const { container, host, port, user, password } = await stack.postgres()
      const name = await (kind === null ? stack.databases.takeEmpty() : stack.databases.take(kind))
      const id = lend(held, { giveBack: (keep) => giveBack(name, keep) })
      const openWith = `docker exec -it ${container.id.slice(0, 12)} psql -U ${user} ${name}`
      return { id, name, host, port, user, password, roles, openWith }
    },
    async 'read log'({ since }) {
      return readLog((await stack.postgres()).container.id, since)
    },
  }
}

function clusterHandlers(
  stack: Stack,
  { roles }: LeaseRules,
  lend: Lend,
): Pick<Handlers, 'lease cluster' | 'stop cluster' | 'start cluster' | 'read cluster log'> {
  const clusterOf = (held: Held, id: number) => held.get(id)?.cluster ?? refuse(id)
  return {
    async 'lease cluster'(_, held) {
      const { container, user, password } = await stack.postgres()
      const cluster = await stack.clusters.take()
      const { host, port, inside } = cluster
      const giveBack = async () => {
        await cluster.remove()
        return false
      }
      const id = lend(held, { giveBack, cluster })
      const openWith = `docker exec -it ${container.id.slice(0, 12)} psql -p ${inside} -U ${user} ${CLUSTER_DATABASE}`
      return { id, host, port, user, password, roles, openWith, database: CLUSTER_DATABASE }
    },
    async 'stop cluster'({ id, mode }, held) {
      await clusterOf(held, id).stop(mode)
      return null
    },
    async 'start cluster'({ id }, held) {
      await clusterOf(held, id).start()
      return null
    },
    async 'read cluster log'({ id }, held) {
      return clusterOf(held, id).log()
    },
  }
}

function serviceHandlers(
  stack: Stack,
  lend: Lend,
): Pick<Handlers, 'lease cache' | 'lease bucket' | 'lease web'> {
  const keySpaces = Array.from({ length: KEY_SPACES }, (_, index) => index)
  let buckets = 0
  return {
    async 'lease cache'(_, held) {
      const { url } = await stack.redis()
      const space = keySpaces.shift()
      if (space === undefined) throw noKeySpace()
      const giveBack = async () => keySpaces.push(space) < 0
      return { id: lend(held, { giveBack }), url: `${url}/${space}` }
    },
    async 'lease bucket'(_, held) {
      const { endpoint, accessKey, secretKey } = await stack.objectStore()
      const { createBucket, removeBucket } = await import('../containers/buckets.ts')
      const address = { endpoint, accessKey, secretKey, name: `lease-${++buckets}` }
      await createBucket(address)
      const giveBack = async () => {
        await removeBucket(address)
        return false
      }
      return { id: lend(held, { giveBack }), ...address }
    },
    async 'lease web'({ service }, held) {
      const { url } = await stack.web(service)
      return { id: lend(held, { giveBack: async () => false }), url }
    },
  }
}

function refuse(id: number): never {
  throw new CliError({
    what: `There is no cluster under the lease ${id}.`,
    where: 'the broker of this run',
    next: 'use a cluster only while its test runs.',
  })
}

function noKeySpace(): CliError {
  return new CliError({
    what: `All ${KEY_SPACES} key spaces are leased at once.`,
    where: 'the cache of this run',
    next: 'look for a test that leases without giving back.',
  })
}
