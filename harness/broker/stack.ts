// The services of a run. Each boots once, on the first demand, and the ones a run needs boot side by side.
import { randomBytes } from 'node:crypto'
import { CliError } from '../../config/cli-error.ts'
import { once } from '../../config/once.ts'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { type ResolvedImage, resolveImage } from '../../stack/images/resolve.ts'
import { type Clusters, supplyClusters } from '../containers/clusters.ts'
import type { RunningContainer } from '../containers/container.ts'
import { createNetwork } from '../containers/network.ts'
import { type ObjectStore, startObjectStore } from '../containers/object-store.ts'
import { type PostgresServer, startPostgres } from '../containers/postgres.ts'
import { type RedisServer, startRedis } from '../containers/redis.ts'
import { sweepAbandoned } from '../containers/sweep.ts'
import { startWeb, type WebService } from '../containers/web-service.ts'
import { type Supply, supplyDatabases } from '../postgres/supply.ts'
import type { Journal } from './journal.ts'
import type { StackRecipe, WebRecipe } from './recipe.ts'

export interface Stack {
  postgres(): Promise<PostgresServer>
  redis(): Promise<RedisServer>
  objectStore(): Promise<ObjectStore>
  web(service: string): Promise<WebService>
  databases: Supply
  clusters: Clusters
}

export interface StackPlan {
  owner: Ownership
  recipe: StackRecipe
  journal: Journal
  /** How many databases are in use at once, which decides how many more fit. */
  workers: number
  /** Called once when the database server is gone in mid-run; what it resolves to is thrown from then on. */
  onLost: (server: PostgresServer, signs: string) => Promise<Error>
}

type Boot = <S extends { container: RunningContainer; version?: string }>(
  image: string,
  start: (ground: Ground) => Promise<S>,
) => Promise<S>

interface Ground {
  image: ResolvedImage
  network: string
  password: string
}

/** Nothing starts until something is asked for. */
export function lazyStack({ owner, recipe, journal, workers, onLost }: StackPlan): Stack {
  const boot = bootWith(owner, journal)
  const postgres = once(() => boot('hma-postgres', (ground) => startPostgres(owner, ground)))
  const databases = supplyDatabases({ server: postgres, recipes: recipe.templates, journal, workers, onLost })
  const clusters = supplyClusters(postgres, recipe.templates.default.build)
  return {
    postgres,
    redis: once(() => boot('redis', (ground) => startRedis(owner, ground))),
    objectStore: once(() => boot('minio', (ground) => startObjectStore(owner, ground))),
    web: webOf(recipe.web, (service, web) => bootWeb(service, web, owner, boot, databases)),
    databases,
    clusters,
  }
}

function bootWith(owner: Ownership, journal: Journal): Boot {
  const network = once(async () => {
    const { leftovers } = await sweepAbandoned()
    if (leftovers.length > 0) journal.say(`removed what a killed run had left: ${leftovers.join(', ')}`)
    return createNetwork(owner)
  })
  return async (image, start) => {
    const [resolved, on] = await Promise.all([resolveImage(image), network()])
    const service = await start({ image: resolved, network: on, password: randomBytes(12).toString('hex') })
    journal.booted(service.container, resolved, service.version)
    return service
  }
}

async function bootWeb(
  service: string,
  { image, environment, ...plan }: WebRecipe,
  owner: Ownership,
  boot: Boot,
  databases: Supply,
): Promise<WebService> {
  const database = { host: 'postgres', port: 5432, name: `web_${service}` }
  const started = boot(image, (ground) =>
    startWeb(owner, { ...plan, ...ground, service, environment: environment(database) }),
  )
  const [web] = await Promise.all([started, databases.cloneAs(database.name)])
  return web
}

function webOf(
  recipes: Record<string, WebRecipe>,
  bootOne: (service: string, recipe: WebRecipe) => Promise<WebService>,
): (service: string) => Promise<WebService> {
  const webs = new Map(
    Object.entries(recipes).map(([service, recipe]) => [service, once(() => bootOne(service, recipe))]),
  )
  return async (service) => (webs.get(service) ?? unknownService(service, [...webs.keys()]))()
}

function unknownService(service: string, known: string[]): never {
  throw new CliError({
    what: `There is no web service called ${service}.`,
    where: 'the stack recipe of this run',
    next: `use one of: ${known.join(', ')}.`,
    exitCode: 2,
  })
}
