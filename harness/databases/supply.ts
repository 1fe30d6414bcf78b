// Databases of a run, of one kind: a template built on the first demand, and clones of it made ahead.
import pg from 'pg'
import type { Journal } from '../broker/journal.ts'
import { once } from '../once.ts'
import type { PostgresServer } from '../services/postgres.ts'
import { fillPool, type Pool } from './pool.ts'
import { cloneTemplate, ensureTemplate, probeStrategy, type TemplateRecipe } from './template.ts'

export interface Supply {
  /** Starts filling the pool without waiting for it to be asked. */
  warm(): Promise<void>
  /** Name of a fresh clone. */
  take(): Promise<string>
  /** A clone under a chosen name, for a service that lives as long as the run. */
  cloneAs(name: string): Promise<void>
  /** A database with nothing in it. */
  createEmpty(name: string): Promise<void>
  drop(name: string): Promise<void>
  /** Forgets template and pool, so that the next demand builds from the files as they are now. */
  renew(): void
  close(): Promise<void>
}

const READY_CLONES = 4
const CLONE_MAKERS = 2

/** Makes nothing until the first demand. */
export function supplyDatabases(
  server: () => Promise<PostgresServer>,
  kind: string,
  recipe: TemplateRecipe,
  journal: Journal,
): Supply {
  const clients: pg.Client[] = []
  const connect = async () => {
    const client = await connectAdmin(await server())
    clients.push(client)
    return client
  }
  const admin = once(connect)
  const start = () => {
    const template = once(async () => {
      const client = await admin()
      const name = await journal.time(`template ${kind}`, async () =>
        ensureTemplate(client, await server(), kind, recipe),
      )
      return { name, strategy: await probeStrategy(client, name) }
    })
    const pool = once(async () => {
      const { name, strategy } = await template()
      const makers = await Promise.all(Array.from({ length: CLONE_MAKERS }, connect))
      journal.say(`clones of ${kind} by ${strategy}, the faster on this server`)
      return fillPool({
        prefix: kind,
        ready: READY_CLONES,
        makers: makers.map((client) => (clone) => cloneTemplate(client, name, clone, strategy)),
      })
    })
    return { template, pool }
  }
  let current: { template: ReturnType<typeof start>['template']; pool: () => Promise<Pool> } = start()
  return {
    warm: async () => void (await current.pool()),
    take: async () => (await current.pool()).take(),
    cloneAs: async (name) => {
      const { name: template, strategy } = await current.template()
      await cloneTemplate(await admin(), template, name, strategy)
    },
    createEmpty: async (name) => {
      await (await admin()).query(`create database ${name} template template0`)
    },
    drop: async (name) => {
      await (await admin()).query(`drop database if exists ${name} with (force)`)
    },
    renew: () => {
      current = start()
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => {})))
    },
  }
}

async function connectAdmin({ host, port, user, password }: PostgresServer): Promise<pg.Client> {
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database: 'postgres',
    application_name: 'hma broker',
  })
  client.on('error', () => {})
  await client.connect()
  return client
}
