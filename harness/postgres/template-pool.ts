// One template and the pool of its clones, as the template's input files were at one moment.
import type pg from 'pg'
import { once } from '../../config/once.ts'
import type { AdminConnections } from './admin-connections.ts'
import { openPool, type Pool } from './pool.ts'
import {
  type CloneStrategy,
  cloneTemplate,
  ensureTemplate,
  hashTemplate,
  type TemplateDefinition,
} from './template.ts'

export interface TemplatePool {
  /** Name of the sealed template. */
  template: () => Promise<string>
  pool: () => Promise<Pool>
  /** False once an input file has changed, or when the template could not be built. */
  isFresh(): Promise<boolean>
  /** Drops the unused clones and the template. */
  drop(): Promise<void>
}

export interface TemplatePoolOptions {
  admin: AdminConnections
  /** Name of this template among those of the run. */
  kind: string
  definition: TemplateDefinition
  strategy: () => Promise<CloneStrategy>
  nextName: () => string
  /** How many clones of this template to keep ready. */
  sizeFor: (template: string) => Promise<number>
}

/** Connections that create clones side by side. */
const CREATORS = 2

/** Builds on the first demand. */
export function openTemplatePool(options: TemplatePoolOptions): TemplatePool {
  const { admin, kind, definition, strategy, nextName, sizeFor } = options
  let hash: string | undefined
  const template = once(async () => {
    const server = await admin.server()
    hash = await hashTemplate(definition, server.version)
    return ensureTemplate(await admin.shared(), server, kind, definition)
  })
  const creatorOn = (client: pg.Client, from: string) => (name: string) =>
    admin.explainErrors(async () => cloneTemplate(client, from, name, await strategy()))
  const pool = once(async () => {
    const from = await template()
    const clients = await Promise.all(Array.from({ length: CREATORS }, admin.connect))
    const creators = clients.map((client) => creatorOn(client, from))
    return openPool({ size: await sizeFor(from), nextName, creators })
  })
  return {
    template,
    pool,
    async isFresh() {
      if (hash === undefined) return true
      const built = await template().catch(() => undefined)
      return built !== undefined && hash === (await hashTemplate(definition, (await admin.server()).version))
    },
    async drop() {
      if (hash === undefined) return
      const unused = await (await pool()).drain()
      await dropTemplate(await admin.shared(), await template(), unused)
    },
  }
}

async function dropTemplate(client: pg.Client, template: string, clones: string[]): Promise<void> {
  for (const name of clones) await client.query(`drop database if exists ${name} with (force)`)
  await client.query(`alter database ${template} is_template false`)
  await client.query(`drop database ${template}`)
}
