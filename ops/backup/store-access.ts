// Where the store of the backups is, and its key. Without the client of the store, which the scheduler does not need.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readSecret, type Variables } from '../../config/database-url.ts'

export interface StoreAccess {
  url: string
  bucket: string
  keyId: string
  keySecret: string
}

/** HMA_STORE_URL, HMA_BACKUP_BUCKET, HMA_STORE_KEY_ID and HMA_STORE_KEY_SECRET, or their …_FILE. Throws CliError (exit 2). */
export function readStoreAccess(variables: Variables): StoreAccess {
  return {
    url: given('HMA_STORE_URL', variables.HMA_STORE_URL),
    bucket: given('HMA_BACKUP_BUCKET', variables.HMA_BACKUP_BUCKET),
    keyId: given('HMA_STORE_KEY_ID', readSecret(variables, 'HMA_STORE_KEY_ID')),
    keySecret: given('HMA_STORE_KEY_SECRET', readSecret(variables, 'HMA_STORE_KEY_SECRET')),
  }
}

function given(name: string, value: string | undefined): string {
  if (value) return value
  const next = 'scripts/backup.sh --help lists the variables.'
  throw new CliError({ what: `${name} is not set.`, next, exitCode: EXIT.usage })
}
