// A restore into a server: beside the databases that are there, compared, and only then under its name. What had that name before is
// kept, closed, under another one. A restore that fails leaves the server's databases as they were.
import { join } from 'node:path'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { findingsOf, pendingMigrations } from './compare.ts'
import { connectForBackup } from './connection.ts'
import { chooseBackup, downloadDump } from './download.ts'
import { commentOn, dropDatabase, loadDump } from './load.ts'
import { withLock } from './lock.ts'
import { type ConnectAs, READER, withLogin } from './logins.ts'
import type { Manifest } from './manifest.ts'
import { compareObjects, type ObjectReport } from './objects.ts'
import { loginOf, type Settings, urlOf } from './settings.ts'
import type { Steps } from './steps.ts'
import { openStore } from './store.ts'
import { readConfirmedTarget, removeLeftover, type Target } from './target.ts'

export interface RestoreOptions {
  /** The name that the restored database gets. */
  database: string
  backup: string | undefined
  confirm: string | undefined
  jobs: number
  passwords: Record<string, string>
}

export interface Restored extends State {
  manifest: Manifest
  /** The database that had the name before; undefined where none had. */
  keptAs: string | undefined
}

/** What is no difference from the backup, and still has to be known. */
interface State {
  /** Migrations that are newer than the backup. */
  pending: string[]
  objects: ObjectReport | null
}

/** Throws CliError: exit 4 when the target was not confirmed, exit 1 when what was restored is not what was backed up. */
export async function restore(
  settings: Settings,
  options: RestoreOptions,
  { step }: Steps,
): Promise<Restored> {
  const { url, folder } = settings
  const { database, passwords } = options
  const place = { url, passwords }
  return withLock(folder, 'restore', async () => {
    using store = openStore(settings.store)
    await readConfirmedTarget(place, database, options.confirm)
    const temporary = `${database}_restoring`
    await removeLeftover(place, temporary)
    const manifest = await chooseBackup(store, settings.database, options.backup)
    await using download = await step('download', () =>
      downloadDump(store, manifest, join(folder, 'restore')),
    )
    await using server = await openServer(url)
    await step('restore', () =>
      loadDump({ ...options, url, database: temporary, dump: download.dump, manifest }),
    )
    try {
      const state = await step('compare', () => requireSame(urlOf(url, temporary), manifest, passwords))
      // An empty database may have got tables since then, and a free name a database.
      const target = await readConfirmedTarget(place, database, options.confirm)
      const keptAs = await giveName(server.client, temporary, database, target, manifest.id)
      return { manifest, keptAs, ...state }
    } catch (error) {
      await dropDatabase(server.client, temporary)
      throw error
    }
  })
}

async function openServer(url: URL): Promise<{ client: pg.Client } & AsyncDisposable> {
  const client = await connectForBackup(urlOf(url, 'postgres'))
  return { client, [Symbol.asyncDispose]: () => client.end().catch(() => {}) }
}

async function requireSame(url: URL, manifest: Manifest, passwords: Record<string, string>): Promise<State> {
  const connectAs: ConnectAs = (login) => connectForBackup(loginOf(url, login, passwords[login]))
  const client = await connectForBackup(url)
  try {
    const findings = await findingsOf(client, manifest, connectAs)
    if (findings.length > 0) throw notSame(findings, manifest.id)
    const objects = await withLogin(connectAs, READER, (reader) => compareObjects(reader, manifest))
    return { pending: await pendingMigrations(connectAs), objects }
  } finally {
    await client.end()
  }
}

function notSame(findings: string[], where: string): CliError {
  const [first = '', ...others] = findings.map((what) => `${what}.`)
  const errorOf = (what: string) => new CliError({ ...NOT_SAME, what, where })
  return new CliError({ ...NOT_SAME, what: first, where, others: others.map(errorOf), facts: { findings } })
}

const NOT_SAME = { next: 'use another backup, and keep this one for the search.', exitCode: EXIT.failed }

/** All in one transaction. Returns the name under which the former database is kept. */
async function giveName(
  server: pg.Client,
  temporary: string,
  database: string,
  target: Target | undefined,
  id: string,
): Promise<string | undefined> {
  const quoted = (name: string) => server.escapeIdentifier(name)
  const rename = (from: string, to: string) => `alter database ${quoted(from)} rename to ${quoted(to)};`
  const release = `${commentOn(server, temporary, null)} ${rename(temporary, database)}`
  if (target?.isEmpty) await dropDatabase(server, database)
  if (target === undefined || target.isEmpty) {
    await server.query(release)
    return undefined
  }
  const keptAs = await freeName(server, `${database}_before_${id.toLowerCase()}`)
  await server.query(`alter database ${quoted(database)} allow_connections false`)
  try {
    await server.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1', [
      database,
    ])
    await server.query(`begin; ${rename(database, keptAs)} ${release} commit`)
    return keptAs
  } catch (error) {
    await server.query('rollback')
    await server.query(`alter database ${quoted(database)} allow_connections true`)
    throw error
  }
}

/** The same backup may be restored twice: then what it replaced first has this name already. */
async function freeName(server: pg.Client, name: string): Promise<string> {
  const { rows } = await server.query<{ datname: string }>('select datname from pg_database')
  const taken = new Set(rows.map(({ datname }) => datname))
  let free = name
  for (let count = 2; taken.has(free); count++) free = `${name}_${count}`
  return free
}
