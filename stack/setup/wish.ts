// What is wanted of the set-up, and what each step hands back.
import { readStackSettings, readVariables, type StackSettings } from '../../config/stack-settings.ts'
import type { Variant } from '../../config/variables.ts'

export interface Wish {
  root: string
  variant: Exclude<Variant, 'prod'>
  /** With Adminer and Redis Commander. */
  tools: boolean
  yes: boolean
}

export interface Done {
  changed: boolean
  /** What was done or found, in a few words. */
  what: string
}

export interface Step {
  name: string
  act(wish: Wish): Promise<Done>
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS

export function stackOf({ root, variant }: Wish): StackSettings {
  return readStackSettings(readVariables(process.env, root), variant, root)
}
