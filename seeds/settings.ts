// What the loader reads from its command line, parsed once.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { CliError, EXIT } from '../config/cli-error.ts'

export const SEEDS = ['reference', 'people'] as const
export type Seed = (typeof SEEDS)[number]

export interface Wish {
  seeds: readonly Seed[]
  json: boolean
}

const Words = z.union([
  z.tuple([z.literal('all')]).transform(() => SEEDS),
  z.tuple([z.enum(SEEDS)]).transform((names) => names),
])

/** Throws CliError (exit 2) that names the word it does not know. */
export function readWish(words: string[]): Wish {
  const next = 'scripts/seed.sh reference, people or all; see --help.'
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    })
    const { success, data } = Words.safeParse(positionals)
    if (success) return { seeds: data, json: values.json }
    const given =
      positionals.length === 0 ? 'Nothing was named.' : `There is no seed '${positionals.join(' ')}'.`
    throw new CliError({ what: given, next, exitCode: EXIT.usage })
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError({
      what: `${(error as Error).message.split('. ')[0]}.`,
      next,
      exitCode: EXIT.usage,
      cause: error,
    })
  }
}
