// Databases of a run: of each kind a template built on the first demand, and clones of it made ahead.

import { CliError } from '../../config/cli-error.ts'
import { once } from '../../config/once.ts'
import type { Journal } from '../broker/journal.ts'
import type { PostgresServer } from '../containers/postgres.ts'
import { type Admin, openAdmin } from './admin.ts'
import { type Batch, makeBatch } from './batch.ts'
import { READY_CLONES, readyClones } from './pool-size.ts'
import { cloneTemplate, probeStrategy, type TemplateRecipe } from './template.ts'

export interface Supply {
  /** Starts filling the pool without waiting for it to be asked. */
  warm(): Promise<void>
  /** Name of a fresh clone of the template of this kind. Throws CliError for a kind the recipe does not have. */
  take(kind: string): Promise<string>
  /** A clone of the default template under a chosen name, for a service that lives as long as the run. */
  cloneAs(name: string): Promise<void>
  /** Name of a fresh database with nothing in it. */
  takeEmpty(): Promise<string>
  drop(name: string): Promise<void>
  /** Builds anew on the next demand if the files of the recipe changed. True if they did. */
  renew(): Promise<boolean>
  close(): Promise<void>
}

export type Recipes = { default: TemplateRecipe } & Record<string, TemplateRecipe>

export interface SupplyPlan {
  server: () => Promise<PostgresServer>
  /** Recipes by kind. */
  recipes: Recipes
  journal: Journal
  workers: number
  /** Called once when the server is gone in mid-run, with its signs if it still runs. Says what to throw from then on. */
  onLost: (server: PostgresServer, signs: string) => Promise<Error>
}

/** Makes nothing until the first demand. */
export function supplyDatabases({ server, recipes, journal, workers, onLost }: SupplyPlan): Supply {
  const admin = openAdmin(server, onLost)
  const strategy = once(() => chooseStrategy(admin, journal))
  let made = 0
  const start = ([kind, recipe]: [string, TemplateRecipe]): [string, Batch] => {
    const ready = (template: string) => fittingClones(admin, journal, template, workers)
    const batch = makeBatch({ admin, kind, recipe, strategy, ready, nextName: () => `lease_${++made}` })
    const template = once(() => journal.time(`template ${kind}`, batch.template))
    const pool = async () => {
      strategy().catch(() => {})
      await template()
      return batch.pool()
    }
    return [kind, { ...batch, template, pool }]
  }
  const startAll = () => new Map(Object.entries(recipes).map(start))
  let batches = startAll()
  const batchOf = (kind: string) => batches.get(kind) ?? refuseKind(kind, recipes)
  const cloneOf = async (template: string, name: string) =>
    cloneTemplate(await admin.shared(), template, name, await strategy())
  return {
    warm: async () => void (await batchOf('default').pool()),
    take: (kind) => admin.explained(async () => (await batchOf(kind).pool()).take()),
    cloneAs: (name) => admin.explained(async () => cloneOf(await batchOf('default').template(), name)),
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
      const past = [...batches.values()]
      const fresh = await Promise.all(past.map((batch) => batch.isFresh()))
      if (fresh.every(Boolean)) return false
      batches = startAll()
      for (const batch of past) void batch.forget().catch(() => {})
      return true
    },
    close: admin.close,
  }
}

function refuseKind(kind: string, recipes: Recipes): never {
  throw new CliError({
    what: `There is no template called ${kind}.`,
    where: 'the stack recipe of this run',
    next: `use one of: ${Object.keys(recipes).join(', ')}.`,
    exitCode: 2,
  })
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
