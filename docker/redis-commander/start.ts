// Starts Redis Commander with the connections of the environment, as upstream's image does, but inside this process: no command
// line, no file and no variable that another process can read contains a password.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

interface Connection {
  label: string
  host: string
  port: number
  dbIndex: number
  username?: string
  password?: string
}

/** The value of a variable, or the content of the file that the variable with _FILE names. */
function setting(name: string): string {
  const value = process.env[name] ?? ''
  const file = process.env[`${name}_FILE`] ?? ''
  if (value !== '' && file !== '') refuse(`${name} and ${name}_FILE are both set. Next: keep one of them.`)
  return file === '' ? value : contentOf(file, name)
}

function contentOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    return refuse(`${name}_FILE names ${file}, which cannot be read. Next: mount that file.`)
  }
}

function refuse(what: string): never {
  process.stderr.write(`redis-commander: ${what}\n`)
  process.exit(2)
}

/** Entries `label:host:port:database:password`, separated by commas; an entry without colons is a host. */
function listedConnections(list: string): Connection[] {
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.map((entry) => {
    const [first = '', host = first, port = '6379', dbIndex = '0', ...password] = entry.split(':')
    const label = host === first ? 'default' : first
    return connection({ label, host, port, dbIndex, username: '', password: password.join(':') })
  })
}

function connection(parts: Record<keyof Connection, string>): Connection {
  const { label, host, username, password } = parts
  const port = Number(parts.port)
  const dbIndex = Number(parts.dbIndex)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    refuse(`${parts.port} is not a port. Next: correct it.`)
  if (!Number.isInteger(dbIndex) || dbIndex < 0)
    refuse(`${parts.dbIndex} is not a database number. Next: correct it.`)
  return {
    ...{ label, host, port, dbIndex },
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
  }
}

function namedConnection(host: string): Connection {
  return connection({
    label: process.env.REDIS_LABEL || 'local',
    host,
    port: process.env.REDIS_PORT || '6379',
    dbIndex: process.env.REDIS_DB || '0',
    username: process.env.REDIS_USERNAME || '',
    password: setting('REDIS_PASSWORD'),
  })
}

const named = process.env.REDIS_HOST ? [namedConnection(process.env.REDIS_HOST)] : []
const connections = [...named, ...listedConnections(process.env.REDIS_HOSTS ?? '')]
if (connections.length === 0) refuse('no server is named. Next: set REDIS_HOST or REDIS_HOSTS.')

// Redis Commander reads these variables; set here, they are visible to this process only.
process.env.NODE_CONFIG = JSON.stringify({ connections })
for (const name of ['HTTP_PASSWORD', 'HTTP_PASSWORD_HASH']) {
  const value = setting(name)
  if (value !== '') process.env[name] = value
}
// The first process of a container receives only the signals that it handles.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
createRequire(import.meta.url)('redis-commander/bin/redis-commander.js')
