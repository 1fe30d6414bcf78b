// The services of a run. Each boots once, on the first demand, and the ones a run needs boot side by side.
import { randomBytes } from 'node:crypto'
import { type Supply, supplyDatabases } from '../databases/supply.ts'
import { type ResolvedImage, resolveImage } from '../images.ts'
import { once } from '../once.ts'
import { type Clusters, supplyClusters } from '../services/clusters.ts'
import type { RunningContainer } from '../services/container.ts'
import { createNetwork } from '../services/network.ts'
import { type ObjectStore, startObjectStore } from '../services/object-store.ts'
import type { Ownership } from '../services/ownership.ts'
import { type PostgresServer, startPostgres } from '../services/postgres.ts'
import { type RedisServer, startRedis } from '../services/redis.ts'
import { sweepAbandoned } from '../services/sweep.ts'
import { startWeb, type WebService } from '../services/web.ts'
import { Trouble } from '../trouble.ts'
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
  throw new Trouble({
    what: `There is no web service called ${service}.`,
    where: 'the stack recipe of this run',
    next: `use one of: ${known.join(', ')}.`,
    exitCode: 2,
  })
}
