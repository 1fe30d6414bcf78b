// The services of a run. Each starts once, on the first demand.
import { randomBytes } from 'node:crypto'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { once } from '../../config/once.ts'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { resolveImage } from '../../stack/images/resolve.ts'
import type { RunningContainer, ServiceOptions } from '../containers/container.ts'
import { createNetwork } from '../containers/network.ts'
import { type ObjectStore, startObjectStore } from '../containers/object-store.ts'
import { type PostgresServer, startPostgres } from '../containers/postgres.ts'
import { type RedisServer, startRedis } from '../containers/redis.ts'
import { sweepAbandoned } from '../containers/sweep.ts'
import { startWebService, type WebService } from '../containers/web-service.ts'
import type { OnServerLost } from '../postgres/admin-connections.ts'
import { type ClusterPool, openClusterPool } from '../postgres/cluster-pool.ts'
import { type DatabasePools, openDatabasePools } from '../postgres/database-pools.ts'
import type { StackDefinition, WebServiceDefinition } from './stack-definition.ts'
import type { StackReport } from './stack-report.ts'

export interface Stack {
  postgres(): Promise<PostgresServer>
  redis(): Promise<RedisServer>
  objectStore(): Promise<ObjectStore>
  webService(name: string): Promise<WebService>
  databases: DatabasePools
  clusters: ClusterPool
}

export interface StackOptions {
  owner: Ownership
  definition: StackDefinition
  report: StackReport
  /** How many databases are in use at once, which decides how many more fit. */
  workers: number
  onServerLost: OnServerLost
}

/** Starts the container of an image with what all services of the run share. */
type Start = <S extends { container: RunningContainer; version?: string }>(
  image: string,
  start: (owner: Ownership, options: ServiceOptions) => Promise<S>,
) => Promise<S>

/** Starts nothing until the first demand. */
export function createStack({ owner, definition, report, workers, onServerLost }: StackOptions): Stack {
  const { templates, webServices } = definition
  const start = createStart(owner, report)
  const postgres = once(() => start('hma-postgres', startPostgres))
  const progress = report
  const databases = openDatabasePools({ server: postgres, templates, progress, workers, onServerLost })
  return {
    postgres,
    redis: once(() => start('redis', startRedis)),
    objectStore: once(() => start('minio', startObjectStore)),
    webService: findWebService(webServices, (name, service) => startWeb(name, service, start, databases)),
    databases,
    clusters: openClusterPool(postgres, templates.default.build),
  }
}

function createStart(owner: Ownership, report: StackReport): Start {
  const network = once(async () => {
    const removed = await sweepAbandoned()
    if (removed.length > 0) report.print(`removed what a killed run had left: ${removed.join(', ')}`)
    return createNetwork(owner)
  })
  return async (name, start) => {
    const [image, networkName] = await Promise.all([resolveImage(name), network()])
    const password = randomBytes(12).toString('hex')
    const service = await start(owner, { image, network: networkName, password })
    report.addContainer(service.container, image, service.version)
    return service
  }
}

async function startWeb(
  service: string,
  { image, environment, ...definition }: WebServiceDefinition,
  start: Start,
  databases: DatabasePools,
): Promise<WebService> {
  const database = { host: 'postgres', port: 5432, name: `web_${service}` }
  const started = start(image, (owner, options) =>
    startWebService(owner, { ...definition, ...options, service, environment: environment(database) }),
  )
  const [web] = await Promise.all([started, databases.cloneAs(database.name)])
  return web
}

function findWebService(
  definitions: Record<string, WebServiceDefinition>,
  start: (name: string, definition: WebServiceDefinition) => Promise<WebService>,
): (name: string) => Promise<WebService> {
  const services = new Map(
    Object.entries(definitions).map(([name, definition]) => [name, once(() => start(name, definition))]),
  )
  return async (name) => (services.get(name) ?? rejectService(name, [...services.keys()]))()
}

function rejectService(name: string, known: string[]): never {
  throw new CliError({
    what: `There is no web service called ${name}.`,
    where: 'the stack definition of this run',
    next: `use one of: ${known.join(', ')}.`,
    exitCode: EXIT.usage,
  })
}
