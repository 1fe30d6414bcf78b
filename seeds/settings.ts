// What the loader reads from its command line and environment, each parsed once.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { EXIT, Refusal } from './refusal.ts'

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

/** Throws Refusal (exit 2) that names the word it does not know. */
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
    throw new Refusal(EXIT.usage, given, next)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(EXIT.usage, `${(error as Error).message.split('. ')[0]}.`, next, error)
  }
}

const Variables = z.object({
  HMA_DATABASE_URL: z.string({ error: 'HMA_DATABASE_URL is not set.' }).refine(isPostgres, {
    error: 'HMA_DATABASE_URL is not the URL of a Postgres database.',
  }),
  HMA_DATABASE_PASSWORD: z.string().optional(),
  HMA_DATABASE_PASSWORD_FILE: z.string().optional(),
})

/** Where to load into, with the password in it. Throws Refusal (exit 2) that names the variable at fault. */
export function readTarget(variables: Record<string, string | undefined>): URL {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const { data, error } = Variables.safeParse(given)
  if (!data)
    throw new Refusal(
      EXIT.usage,
      error.issues[0]?.message ?? '',
      'set it to postgres://USER@HOST:PORT/DATABASE.',
    )
  const url = new URL(data.HMA_DATABASE_URL)
  const password = readPassword(data)
  if (password !== undefined) url.password = encodeURIComponent(password)
  return url
}

function isPostgres(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null && /^postgres(?:ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1
  )
}

function readPassword({
  HMA_DATABASE_PASSWORD: password,
  HMA_DATABASE_PASSWORD_FILE: file,
}: z.infer<typeof Variables>): string | undefined {
  if (file === undefined) return password
  if (password !== undefined)
    throw new Refusal(
      EXIT.usage,
      'HMA_DATABASE_PASSWORD and HMA_DATABASE_PASSWORD_FILE are both set.',
      'keep one of them.',
    )
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Refusal(
      EXIT.usage,
      `HMA_DATABASE_PASSWORD_FILE cannot be read: ${file}.`,
      'give the path of a readable file.',
      error,
    )
  }
}
