// The services of a run. Each boots once, on the first demand, and the ones a run needs boot side by side.
import { randomBytes } from 'node:crypto'
import { type Supply, supplyDatabases } from '../databases/supply.ts'
import { type ResolvedImage, resolveImage } from '../images.ts'
import { once } from '../once.ts'
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
}

interface Ground {
  image: ResolvedImage
  network: string
  password: string
}

/** Nothing starts until something is asked for. */
export function lazyStack(owner: Ownership, recipe: StackRecipe, journal: Journal): Stack {
  const network = once(async () => {
    const swept = await sweepAbandoned()
    if (swept > 0) journal.say(`removed ${swept} containers of a run that was killed`)
    return createNetwork(owner)
  })
  const boot = async <S extends { container: RunningContainer; version?: string }>(
    image: string,
    start: (ground: Ground) => Promise<S>,
  ): Promise<S> => {
    const [resolved, on] = await Promise.all([resolveImage(image), network()])
    const service = await start({ image: resolved, network: on, password: randomBytes(12).toString('hex') })
    journal.booted(service.container, resolved, service.version)
    return service
  }
  const postgres = once(() => boot('hma-postgres', (ground) => startPostgres(owner, ground)))
  const databases = supplyDatabases(postgres, recipe.database, journal)
  const bootWeb = async (service: string, { image, environment, ...plan }: WebRecipe) => {
    const database = { host: 'postgres', port: 5432, name: `web_${service}` }
    const started = boot(image, (ground) =>
      startWeb(owner, { ...plan, ...ground, service, environment: environment(database) }),
    )
    await Promise.all([started, databases.cloneAs(database.name)])
    return started
  }
  const webs = new Map(
    Object.entries(recipe.web).map(([service, web]) => [service, once(() => bootWeb(service, web))]),
  )
  return {
    postgres,
    redis: once(() => boot('redis', (ground) => startRedis(owner, ground))),
    objectStore: once(() => boot('minio', (ground) => startObjectStore(owner, ground))),
    web: (service) =>
      (webs.get(service) ?? (() => Promise.reject(unknownService(service, [...webs.keys()]))))(),
    databases,
  }
}

function unknownService(service: string, known: string[]): Trouble {
  return new Trouble({
    what: `There is no web service called ${service}.`,
    where: 'the stack recipe of this run',
    next: `use one of: ${known.join(', ')}.`,
    exitCode: 2,
  })
}
