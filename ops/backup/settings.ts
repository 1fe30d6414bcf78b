// What the backup programs read from variables, parsed once.
import { readDatabaseUrl, type Variables } from '../../config/database-url.ts'
import { readStoreAccess, type StoreAccess } from './store-access.ts'

export interface Settings {
  url: URL
  /** Name of the database that is backed up. */
  database: string
  store: StoreAccess
  /** The application's bucket, whose objects the manifest lists; without it none are. */
  applicationBucket: string | undefined
  /** For dumps until they are uploaded, for downloads, for metrics and for the server of a restore test. */
  folder: string
}

/** Throws CliError (exit 2) that names the variable at fault. */
export function readSettings(variables: Variables): Settings {
  const url = readDatabaseUrl(variables)
  return {
    url,
    database: databaseOf(url),
    store: readStoreAccess(variables),
    applicationBucket: variables.HMA_BUCKET || undefined,
    folder: variables.HMA_BACKUP_FOLDER || '/backups',
  }
}

export function databaseOf(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1))
}

/** The same database, another login. */
export function loginOf(url: URL, username: string, password = ''): URL {
  return Object.assign(new URL(url), { username, password: encodeURIComponent(password) })
}

/** The same server and login, another database. */
export function urlOf(url: URL, database: string): URL {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(database)}`
  return other
}
