// The environment variables of the service, read once before anything starts.
import { readFileSync } from 'node:fs'

export interface Settings {
  /** Without password. */
  databaseUrl: string
  password: string
  host: string
  /** 0 picks a free port. */
  port: number
}

type Variables = Record<string, string | undefined>

/** The settings, or a line for each invalid variable. An empty variable counts as not set. */
export function readSettings(variables: Variables): Settings | string[] {
  const lines: string[] = []
  const databaseUrl = variables.HMA_ML_DATABASE_URL || ''
  const port = variables.HMA_ML_PORT || '8090'
  const host = variables.HMA_ML_HOST || '127.0.0.1'
  if (!isDatabase(databaseUrl))
    lines.push('HMA_ML_DATABASE_URL is not a URL like postgres://hma_ml@HOST:PORT/DATABASE. Next: set it so.')
  const password = readPassword(variables, (line) => lines.push(line))
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    lines.push('HMA_ML_PORT is not a port. Next: set it to a number from 0 to 65535.')
  return lines.length > 0 ? lines : { databaseUrl, password, host, port: Number(port) }
}

/** Without password, user and database are required. */
function isDatabase(text: string): boolean {
  const { protocol = '', hostname, username, password, pathname = '' } = URL.parse(text) ?? {}
  return /^postgres(?:ql)?:$/.test(protocol) && !!hostname && !!username && !password && pathname.length > 1
}

function readPassword(variables: Variables, complain: (line: string) => void): string {
  const { HMA_ML_PASSWORD: password = '', HMA_ML_PASSWORD_FILE: file = '' } = variables
  if (password && file)
    complain('HMA_ML_PASSWORD is set beside HMA_ML_PASSWORD_FILE. Next: keep one of them.')
  if (!password && !file) complain('HMA_ML_PASSWORD is not set. Next: set it, or HMA_ML_PASSWORD_FILE.')
  if (password || !file) return password
  try {
    const content = readFileSync(file, 'utf8').trim()
    if (content === '') complain(`HMA_ML_PASSWORD_FILE is empty: ${file}. Next: write the password into it.`)
    return content
  } catch {
    complain(`HMA_ML_PASSWORD_FILE cannot be read: ${file}. Next: give the path of a readable file.`)
    return ''
  }
}
