// The databases of a run: of each kind a template, built on the first demand, and a pool of its clones.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { once } from '../../config/once.ts'
import type { PostgresServer } from '../containers/postgres.ts'
import { type AdminConnections, type OnServerLost, openAdminConnections } from './admin-connections.ts'
import { MAX_POOL_SIZE, poolSizeFor } from './pool-size.ts'
import { type CloneStrategy, cloneTemplate, probeStrategy, type TemplateDefinition } from './template.ts'
import { openTemplatePool, type TemplatePool } from './template-pool.ts'

export interface DatabasePools {
  /** Fills the pool of the default template. */
  warm(): Promise<void>
  /** Name of a fresh clone of the template of this kind. Throws CliError for an unknown kind. */
  take(kind: string): Promise<string>
  /** A clone of the default template with this name, for a service that lives as long as the run. */
  cloneAs(name: string): Promise<void>
  /** Name of a new empty database. */
  takeEmpty(): Promise<string>
  drop(name: string): Promise<void>
  /** Builds templates again on the next demand if their input files have changed. True if they have. */
  renew(): Promise<boolean>
  close(): Promise<void>
}

export type Templates = { default: TemplateDefinition } & Record<string, TemplateDefinition>

export interface DatabasePoolsOptions {
  server: () => Promise<PostgresServer>
  /** Definitions by kind. */
  templates: Templates
  progress: Progress
  /** How many databases are in use at once. */
  workers: number
  onServerLost: OnServerLost
}

/** Where the pools report what they do. */
export interface Progress {
  print(line: string): void
  /** Prints how long the step took. */
  time<T>(step: string, work: () => Promise<T>): Promise<T>
}

/** Creates nothing until the first demand. */
export function openDatabasePools(options: DatabasePoolsOptions): DatabasePools {
  const { server, templates, progress, onServerLost } = options
  const admin = openAdminConnections(server, onServerLost)
  const strategy = once(() => chooseStrategy(admin, progress))
  let created = 0
  const nextName = (kind: 'lease' | 'empty') => `${kind}_${++created}`
  const openAll = () => openPools(options, admin, strategy, () => nextName('lease'))
  let pools = openAll()
  const poolOf = (kind: string) => pools.get(kind) ?? rejectKind(kind, templates)
  const clone = (name: string, template: () => Promise<string>) =>
    admin.explainErrors(async () =>
      cloneTemplate(await admin.shared(), await template(), name, await strategy()),
    )
  return {
    warm: async () => void (await poolOf('default').pool()),
    take: (kind) => admin.explainErrors(async () => (await poolOf(kind).pool()).take()),
    cloneAs: (name) => clone(name, poolOf('default').template),
    async takeEmpty() {
      const name = nextName('empty')
      await clone(name, async () => 'template0')
      return name
    },
    drop: (name) => admin.explainErrors(() => dropDatabase(admin, name)),
    async renew() {
      const old = [...pools.values()]
      const fresh = await Promise.all(old.map((pool) => pool.isFresh()))
      if (fresh.every(Boolean)) return false
      pools = openAll()
      for (const pool of old) void pool.drop().catch(() => {})
      return true
    },
    close: admin.close,
  }
}

function openPools(
  { templates, progress, workers }: DatabasePoolsOptions,
  admin: AdminConnections,
  strategy: () => Promise<CloneStrategy>,
  nextName: () => string,
): Map<string, TemplatePool> {
  const open = ([kind, definition]: [string, TemplateDefinition]): [string, TemplatePool] => {
    const sizeFor = (template: string) => chooseSize(admin, progress, template, workers)
    const pool = openTemplatePool({ admin, kind, definition, strategy, sizeFor, nextName })
    const template = once(() => progress.time(`template ${kind}`, pool.template))
    const poolWhenBuilt = async () => {
      // The strategy is measured while the template is built.
      strategy().catch(() => {})
      await template()
      return pool.pool()
    }
    return [kind, { ...pool, template, pool: poolWhenBuilt }]
  }
  return new Map(Object.entries(templates).map(open))
}

function rejectKind(kind: string, templates: Templates): never {
  throw new CliError({
    what: `There is no template called ${kind}.`,
    where: 'the stack definition of this run',
    next: `use one of: ${Object.keys(templates).join(', ')}.`,
    exitCode: EXIT.usage,
  })
}

async function dropDatabase(admin: AdminConnections, name: string): Promise<void> {
  await (await admin.shared()).query(`drop database if exists ${name} with (force)`)
}

async function chooseStrategy(admin: AdminConnections, progress: Progress): Promise<CloneStrategy> {
  const strategy = await probeStrategy(await admin.connect())
  progress.print(`clones by ${strategy}, the faster on this server`)
  return strategy
}

async function chooseSize(
  admin: AdminConnections,
  progress: Progress,
  template: string,
  workers: number,
): Promise<number> {
  const { dataBytes } = await admin.server()
  const client = await admin.shared()
  const { rows } = await client.query<{ bytes: string }>('select pg_database_size($1) as bytes', [template])
  const size = poolSizeFor({ dataBytes, cloneBytes: Number(rows[0]?.bytes), workers })
  if (size < MAX_POOL_SIZE)
    progress.print(`a pool of ${size} clones, all that fits into ${Math.round(dataBytes / 2 ** 20)} MiB`)
  return size
}
