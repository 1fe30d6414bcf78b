// Databases of a run: a template built on the first demand, and clones of it made ahead.
import type { Journal } from '../broker/journal.ts'
import { once } from '../once.ts'
import type { PostgresServer } from '../services/postgres.ts'
import { type Admin, openAdmin } from './admin.ts'
import { makeBatch } from './batch.ts'
import { READY_CLONES, readyClones } from './room.ts'
import { cloneTemplate, probeStrategy, type TemplateRecipe } from './template.ts'

export interface Supply {
  /** Starts filling the pool without waiting for it to be asked. */
  warm(): Promise<void>
  /** Name of a fresh clone. */
  take(): Promise<string>
  /** A clone under a chosen name, for a service that lives as long as the run. */
  cloneAs(name: string): Promise<void>
  /** Name of a fresh database with nothing in it. */
  takeEmpty(): Promise<string>
  drop(name: string): Promise<void>
  /** Builds anew on the next demand if the files of the recipe changed. True if they did. */
  renew(): Promise<boolean>
  close(): Promise<void>
}

export interface SupplyPlan {
  server: () => Promise<PostgresServer>
  recipe: TemplateRecipe
  journal: Journal
  workers: number
  /** Called once when the server is gone in mid-run. Says what to throw from then on. */
  onLost: (server: PostgresServer) => Promise<Error>
}

/** Makes nothing until the first demand. */
export function supplyDatabases({ server, recipe, journal, workers, onLost }: SupplyPlan): Supply {
  const admin = openAdmin(server, onLost)
  const strategy = once(() => chooseStrategy(admin, journal))
  let made = 0
  const start = () => {
    const ready = (template: string) => fittingClones(admin, journal, template, workers)
    const batch = makeBatch({ admin, recipe, strategy, ready, nextName: () => `lease_${++made}` })
    const template = once(() => journal.time('template', batch.template))
    const pool = async () => {
      strategy().catch(() => {})
      await template()
      return batch.pool()
    }
    return { ...batch, template, pool }
  }
  let batch = start()
  const cloneOf = async (template: string, name: string) =>
    cloneTemplate(await admin.shared(), template, name, await strategy())
  return {
    warm: async () => void (await batch.pool()),
    take: () => admin.explained(async () => (await batch.pool()).take()),
    cloneAs: (name) => admin.explained(async () => cloneOf(await batch.template(), name)),
    async takeEmpty() {
      const name = `empty_${++made}`
      await admin.explained(() => cloneOf('template0', name))
      return name
    },
    drop: (name) =>
      admin.explained(
        async () => void (await (await admin.shared()).query(`drop database if exists ${name} with (force)`)),
      ),
    async renew() {
      if (await batch.isFresh()) return false
      const past = batch
      batch = start()
      void past.forget().catch(() => {})
      return true
    },
    close: admin.close,
  }
}

async function chooseStrategy(admin: Admin, journal: Journal) {
  const chosen = await probeStrategy(await admin.connect())
  journal.say(`clones by ${chosen}, the faster on this server`)
  return chosen
}

async function fittingClones(
  admin: Admin,
  journal: Journal,
  template: string,
  workers: number,
): Promise<number> {
  const { dataBytes } = await admin.server()
  const { rows } = await (await admin.shared()).query<{ bytes: string }>(
    'select pg_database_size($1) as bytes',
    [template],
  )
  const ready = readyClones({ dataBytes, cloneBytes: Number(rows[0]?.bytes), workers })
  if (ready < READY_CLONES)
    journal.say(`room for ${ready} clones made ahead in ${Math.round(dataBytes / 2 ** 20)} MiB`)
  return ready
}
