// A template and the clones made of it, as the files of the recipe were at one moment.
import type pg from 'pg'
import { once } from '../../config/once.ts'
import type { Admin } from './admin.ts'
import { fillPool, type Pool } from './pool.ts'
import {
  type CloneStrategy,
  cloneTemplate,
  ensureTemplate,
  hashRecipe,
  type TemplateRecipe,
} from './template.ts'

export interface Batch {
  /** Name of the sealed template. */
  template: () => Promise<string>
  pool: () => Promise<Pool>
  /** False as soon as a file of the recipe is another, or when the template could not be built. */
  isFresh(): Promise<boolean>
  /** Drops the clones nobody took, and the template. */
  forget(): Promise<void>
}

export interface BatchPlan {
  admin: Admin
  /** What this template is called among those of the run. */
  kind: string
  recipe: TemplateRecipe
  strategy: () => Promise<CloneStrategy>
  nextName: () => string
  /** How many clones to keep ready of this template. */
  ready: (template: string) => Promise<number>
}

const CLONE_MAKERS = 2

/** Builds on the first demand. */
export function makeBatch({ admin, kind, recipe, strategy, nextName, ready }: BatchPlan): Batch {
  let hash: string | undefined
  const template = once(async () => {
    const server = await admin.server()
    hash = await hashRecipe(recipe, server.version)
    return ensureTemplate(await admin.shared(), server, kind, recipe)
  })
  const makerOf = (client: pg.Client, from: string) => (name: string) =>
    admin.explained(async () => cloneTemplate(client, from, name, await strategy()))
  const pool = once(async () => {
    const from = await template()
    const clients = await Promise.all(Array.from({ length: CLONE_MAKERS }, admin.connect))
    return fillPool({
      ready: await ready(from),
      nextName,
      makers: clients.map((client) => makerOf(client, from)),
    })
  })
  return {
    template,
    pool,
    async isFresh() {
      if (hash === undefined) return true
      const built = await template().catch(() => undefined)
      return built !== undefined && hash === (await hashRecipe(recipe, (await admin.server()).version))
    },
    async forget() {
      if (hash === undefined) return
      const from = await template()
      const client = await admin.shared()
      for (const name of await (await pool()).drain())
        await client.query(`drop database if exists ${name} with (force)`)
      await client.query(`alter database ${from} is_template false`)
      await client.query(`drop database ${from}`)
    },
  }
}
