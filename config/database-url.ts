// Where the database is and how to log in. A secret comes as a value or as a file that holds it, never both.
import { CliError, EXIT } from './cli-error.ts'
import { readTextFile } from './text-file.ts'

export type Variables = Record<string, string | undefined>

const EXAMPLE = 'set it to postgres://USER@HOST:PORT/DATABASE.'

/** HMA_DATABASE_URL with HMA_DATABASE_PASSWORD or …_FILE in it. Throws CliError (exit 2) that names the variable at fault. */
export function readDatabaseUrl(variables: Variables): URL {
  const text = variables.HMA_DATABASE_URL
  if (!text) throw new CliError({ what: 'HMA_DATABASE_URL is not set.', next: EXAMPLE, exitCode: EXIT.usage })
  const url = URL.parse(text)
  const isPostgres = url !== null && /^postgres(?:ql)?:$/.test(url.protocol)
  if (!isPostgres || url.hostname === '' || url.pathname.length < 2) {
    throw new CliError({
      what: 'HMA_DATABASE_URL is not the URL of a Postgres database.',
      next: EXAMPLE,
      exitCode: EXIT.usage,
    })
  }
  const password = readSecret(variables, 'HMA_DATABASE_PASSWORD')
  if (password !== undefined) url.password = encodeURIComponent(password)
  return url
}

/** The value of NAME or the content of the file at NAME_FILE; undefined for neither. Throws CliError (exit 2). */
export function readSecret(variables: Variables, name: string): string | undefined {
  const file = variables[`${name}_FILE`]
  if (!file) return variables[name] || undefined
  if (variables[name]) {
    throw new CliError({
      what: `${name} and ${name}_FILE are both set.`,
      next: 'keep one of them.',
      exitCode: EXIT.usage,
    })
  }
  const secret = readTrimmed(`${name}_FILE`, file)
  if (secret !== '') return secret
  throw new CliError({
    what: `${name}_FILE is empty: ${file}.`,
    next: 'write the password into it.',
    exitCode: EXIT.usage,
  })
}

function readTrimmed(variable: string, file: string): string {
  const next = `give ${variable} the path of a readable file.`
  const text = readTextFile(file, next)
  if (text === undefined)
    throw new CliError({ what: `${variable} cannot be read: ${file}.`, next, exitCode: EXIT.usage })
  return text.trim()
}
