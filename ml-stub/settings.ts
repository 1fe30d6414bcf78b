// The environment variables of the service, parsed once before anything starts.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export interface Settings {
  /** Without password. */
  databaseUrl: string
  password: string
  host: string
  /** 0 picks a free port. */
  port: number
}

/** One line per invalid variable, each with what to do. */
export class InvalidSettings extends Error {
  readonly lines: string[]

  constructor(lines: string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

type Variables = Record<string, string | undefined>

const EXAMPLE = 'set it to postgres://hma_ml@HOST:PORT/DATABASE'
const Environment = z.object({
  HMA_ML_DATABASE_URL: z
    .string(`is not set. Next: ${EXAMPLE}.`)
    .refine(isPostgres, { error: `is not the URL of a Postgres database. Next: ${EXAMPLE}.`, abort: true })
    .refine(
      (url) => new URL(url).password === '',
      'contains a password. Next: move it into HMA_ML_PASSWORD_FILE.',
    ),
  HMA_ML_PASSWORD: z.string('is not set. Next: set it, or HMA_ML_PASSWORD_FILE.'),
  HMA_ML_HOST: z.string().default('127.0.0.1'),
  HMA_ML_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port. Next: set it to a number from 0 to 65535.')
    .transform(Number)
    .refine((port) => port <= 65_535, 'is not a port. Next: set it to a number from 0 to 65535.')
    .default(8090),
})

/** Throws InvalidSettings that names every invalid variable. An empty variable counts as not set. */
export function readSettings(variables: Variables): Settings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const problems: string[] = []
  const secret = readSecret(given, problems)
  const { success, data, error } = Environment.safeParse({ ...given, ...secret })
  if (success && problems.length === 0) {
    const { HMA_ML_DATABASE_URL: databaseUrl, HMA_ML_PASSWORD: password } = data
    return { databaseUrl, password, host: data.HMA_ML_HOST, port: data.HMA_ML_PORT }
  }
  const invalid = (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new InvalidSettings([...problems, ...invalid])
}

/** The password as a value or from a file; adds to `problems` what is wrong with the file. */
function readSecret({ HMA_ML_PASSWORD, HMA_ML_PASSWORD_FILE: file }: Variables, problems: string[]) {
  if (file === undefined) return {}
  if (HMA_ML_PASSWORD !== undefined) {
    problems.push('HMA_ML_PASSWORD and HMA_ML_PASSWORD_FILE are both set. Next: keep one of them.')
    return {}
  }
  const password = readIfReadable(file)
  if (password === undefined) {
    problems.push(`HMA_ML_PASSWORD_FILE cannot be read: ${file}. Next: give the path of a readable file.`)
  } else if (password === '') {
    problems.push(`HMA_ML_PASSWORD_FILE is empty: ${file}. Next: write the password into it.`)
  }
  return { HMA_ML_PASSWORD: password ?? '' }
}

function readIfReadable(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

function isPostgres(text: string): boolean {
  const url = URL.parse(text)
  const named = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:'
  return named && url?.hostname !== '' && url?.username !== '' && (url?.pathname.length ?? 0) > 1
}
