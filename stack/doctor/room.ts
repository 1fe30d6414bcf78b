// What every check is given: the project, the engine as far as there is one, and what the user wants to do.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Docker } from './docker.ts'

export type Variant = 'dev' | 'test' | 'prod'

export interface Room {
  root: string
  variant: Variant
  /** GiB that must be free; undefined: by what is still to be had. */
  needDiskGib: number | undefined
  /** What the set-up is about to bring is no defect then. */
  beforeSetup: boolean
  /** .env.example, over it .env, over it the process: as compose reads them. */
  variables: Record<string, string | undefined>
  /** The engine, or why there is none; asked once, by the first check that wants to know. */
  docker: () => Promise<Docker | string>
  /** Names of the images that are not there, or why that cannot be told. */
  missing: () => Promise<string[] | string | undefined>
  /** Name of the compose project of this variant. */
  project: string
}

export function readVariables(root: string): Room['variables'] {
  const read = (name: string) => {
    const file = join(root, name)
    return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  }
  const set = Object.entries(process.env).filter(([, value]) => value !== '')
  return { ...read('.env.example'), ...read('.env'), ...Object.fromEntries(set) }
}

/** As config/stack-settings.ts names it; that file needs the dependencies, and the doctor does not. */
export function projectOf({ HMA_PROJECT }: Room['variables'], variant: Variant): string {
  const name = HMA_PROJECT || 'hma'
  return variant === 'dev' ? name : `${name}-${variant}`
}
