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
  /** Forgets every template, so that the next demand builds from the files as they are now. */
  renew(): void
  /** Ends the broker's own connections. */
  close(): Promise<void>
  /** Databases of the kind that specs get unless they name another; the empty ones are made here too. */
  databases: Supply
  /** Databases of a kind of the recipe. Throws Trouble for an unknown one. */
  databasesOf(kind: string): Supply
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
  const supplies = new Map(
    Object.entries(recipe.templates).map(([kind, template]) => [
      kind,
      supplyDatabases(postgres, kind, template, journal),
    ]),
  )
  const databasesOf = (kind: string) => supplies.get(kind) ?? refuseUnknown('template', kind, supplies)
  const databases = databasesOf('default')
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
    web: async (service) => (webs.get(service) ?? refuseUnknown('web service', service, webs))(),
    databases,
    databasesOf,
    renew: () =>
      supplies.forEach((supply) => {
        supply.renew()
      }),
    close: async () => {
      await Promise.all([...supplies.values()].map((supply) => supply.close()))
    },
  }
}

function refuseUnknown(what: string, name: string, known: Map<string, unknown>): never {
  throw new Trouble({
    what: `There is no ${what} called ${name}.`,
    where: 'the stack recipe of this run',
    next: `use one of: ${[...known.keys()].join(', ')}.`,
    exitCode: 2,
  })
}
