// What the broker does for each request of a worker.
import { CliError } from '../../config/cli-error.ts'
import { requireImages } from '../../stack/images/status.ts'
import { readLog } from '../containers/container-log.ts'
import type { PostgresServer } from '../containers/postgres.ts'
import { REDIS_DATABASES } from '../containers/redis.ts'
import { CLUSTER_DATABASE } from '../postgres/cluster-pool.ts'
import type { ClusterServer } from '../postgres/cluster-server.ts'
import type { RequestName, Requests } from './protocol.ts'
import type { Stack } from './stack.ts'
import type { StackReport } from './stack-report.ts'

export type Handlers = {
  [R in RequestName]: (body: Requests[R]['body'], leases: Leases) => Promise<Requests[R]['result']>
}

/** The leases of one worker, by id. */
export type Leases = Map<number, Lease>

interface Lease {
  /** Resolves to whether the database was kept. */
  release: (keep: boolean) => Promise<boolean>
  cluster?: ClusterServer
}

export interface LeaseRules {
  /** Passwords of the login roles, by role name. */
  roles: Record<string, string>
  /** How many databases of failed tests are kept; none where the stack ends with the run. */
  maxKept: number
}

/** The handlers of one run. Leases are numbered across all workers. */
export function createHandlers(stack: Stack, report: StackReport, rules: LeaseRules): Handlers {
  let granted = 0
  const grant = (leases: Leases, lease: Lease): number => {
    const id = ++granted
    leases.set(id, lease)
    return id
  }
  return {
    ...databaseHandlers(stack, rules, grant),
    ...clusterHandlers(stack, rules, grant),
    ...serviceHandlers(stack, grant),
    async 'require images'() {
      await requireImages()
      return null
    },
    async release({ id, keep, waitedMs }, leases) {
      if (waitedMs !== undefined) report.addLeaseWait(waitedMs)
      const lease = leases.get(id)
      leases.delete(id)
      return { kept: (await lease?.release(keep)) ?? false }
    },
  }
}

type Grant = (leases: Leases, lease: Lease) => number

function databaseHandlers(
  stack: Stack,
  { roles, maxKept }: LeaseRules,
  grant: Grant,
): Pick<Handlers, 'lease database' | 'read log'> {
  const kept: string[] = []
  const release = async (name: string, keep: boolean) => {
    if (keep && maxKept > 0) kept.push(name)
    else await stack.databases.drop(name)
    const oldest = kept.length > maxKept ? kept.shift() : undefined
    if (oldest !== undefined) await stack.databases.drop(oldest)
    return kept.includes(name)
  }
  return {
    async 'lease database'({ kind }, leases) {
      const server = await stack.postgres()
      const name = await (kind === null ? stack.databases.takeEmpty() : stack.databases.take(kind))
      const id = grant(leases, { release: (keep) => release(name, keep) })
      const { host, port, user, password } = server
      return { id, name, host, port, user, password, roles, openWith: psqlCommand(server, name) }
    },
    async 'read log'({ since }) {
      return readLog((await stack.postgres()).container.id, since)
    },
  }
}

function clusterHandlers(
  stack: Stack,
  { roles }: LeaseRules,
  grant: Grant,
): Pick<Handlers, 'lease cluster' | 'stop cluster' | 'start cluster' | 'read cluster log'> {
  const clusterOf = (leases: Leases, id: number) => leases.get(id)?.cluster ?? rejectLease(id)
  return {
    async 'lease cluster'(_, leases) {
      const server = await stack.postgres()
      const cluster = await stack.clusters.take()
      const id = grant(leases, { cluster, release: () => cluster.remove().then(() => false) })
      const { host, port, containerPort } = cluster
      const { user, password } = server
      const openWith = psqlCommand(server, `-p ${containerPort} ${CLUSTER_DATABASE}`)
      return { id, host, port, user, password, roles, openWith, database: CLUSTER_DATABASE }
    },
    async 'stop cluster'({ id, mode }, leases) {
      await clusterOf(leases, id).stop(mode)
      return null
    },
    async 'start cluster'({ id }, leases) {
      await clusterOf(leases, id).start()
      return null
    },
    async 'read cluster log'({ id }, leases) {
      return clusterOf(leases, id).log()
    },
  }
}

function psqlCommand({ container, user }: PostgresServer, database: string): string {
  return `docker exec -it ${container.id.slice(0, 12)} psql -U ${user} ${database}`
}

function serviceHandlers(
  stack: Stack,
  grant: Grant,
): Pick<Handlers, 'lease cache' | 'lease bucket' | 'find web service'> {
  const redisDatabases = Array.from({ length: REDIS_DATABASES }, (_, index) => index)
  let buckets = 0
  return {
    async 'lease cache'(_, leases) {
      const { url } = await stack.redis()
      const database = redisDatabases.shift()
      if (database === undefined) throw noRedisDatabase()
      const release = async () => {
        redisDatabases.push(database)
        return false
      }
      return { id: grant(leases, { release }), url: `${url}/${database}` }
    },
    async 'lease bucket'(_, leases) {
      const { endpoint, accessKey, secretKey } = await stack.objectStore()
      const { createBucket, removeBucket } = await import('../containers/buckets.ts')
      const location = { endpoint, accessKey, secretKey, name: `lease-${++buckets}` }
      await createBucket(location)
      const release = () => removeBucket(location).then(() => false)
      return { id: grant(leases, { release }), ...location }
    },
    async 'find web service'({ service }) {
      const { url } = await stack.webService(service)
      return { url }
    },
  }
}

function rejectLease(id: number): never {
  throw new CliError({
    what: `There is no cluster with the lease ${id}.`,
    where: 'the broker of this run',
    next: 'use a cluster only while its test runs.',
  })
}

function noRedisDatabase(): CliError {
  return new CliError({
    what: `All ${REDIS_DATABASES} databases of Redis are leased at once.`,
    where: 'the cache of this run',
    next: 'look for a test that does not release its lease.',
  })
}
