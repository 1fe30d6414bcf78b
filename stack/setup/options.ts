// What the set-up is asked for, and what each step returns.
import { flag, oneOf, readOptions } from '../../config/command-line.ts'
import type { Profile } from '../../config/services.ts'
import { readStackSettings, readVariables, type StackSettings } from '../../config/stack-settings.ts'

export const SETUP = 'setup-dev-environment.sh'

export interface SetupOptions {
  /** Prod has no set-up: its secrets and its machine are brought by those who run it. */
  variant: 'dev' | 'test'
  /** With Adminer and Redis Commander. */
  tools: boolean
  /** With Prometheus and what belongs to it. */
  observability: boolean
  /** Does not ask before sudo. */
  yes: boolean
  json: boolean
}

export function readSetupOptions(words: string[]): SetupOptions {
  return readOptions(words, `scripts/${SETUP} --help`, {
    '--variant <name>': oneOf(['dev', 'test']).default('dev'),
    '--tools': flag,
    '--observability': flag,
    '--yes': flag,
    '--json': flag,
  })
}

const CHOSEN_PROFILES = ['tools', 'observability'] as const satisfies Profile[]

/** Profiles of compose that are wanted. */
export function profilesOf(options: Pick<SetupOptions, (typeof CHOSEN_PROFILES)[number]>): Profile[] {
  return CHOSEN_PROFILES.filter((profile) => options[profile])
}

/** Read again by each step: the step `settings` may have added variables. */
export function stackSettings(variant: SetupOptions['variant']): StackSettings {
  return readStackSettings(readVariables(process.env), variant)
}

export interface StepResult {
  changed: boolean
  /** What was done or found, in a few words. */
  what: string
}

export interface Step {
  name: string
  /** Throws CliError when the step fails. Safe to run again. */
  run(options: SetupOptions): Promise<StepResult>
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
