// Dumps on the disk of the job: under a hidden name while they are made, under their own until the store has them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { FILES } from './backups.ts'
import { type Manifest, momentOf, parseManifest, textOf } from './manifest.ts'

/** Hidden: whatever lists backups does not see it. */
export function partialFolder(folder: string, database: string): string {
  return join(folder, database, '.partial')
}

export interface LocalCopy {
  folder: string
  dump: string
  manifest: Manifest
}

/** Removes what a killed job has left, and returns the empty folder for the next dump. Only under the lock. */
export async function startPartial(folder: string, database: string): Promise<string> {
  const partial = partialFolder(folder, database)
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  return partial
}

/** Gives a finished dump its name. It is on the disk before and after: a crash leaves a whole copy or a hidden one. */
export async function publishLocally(partial: string, manifest: Manifest): Promise<LocalCopy> {
  await writeFile(join(partial, FILES.manifest), textOf(manifest), {
    mode: 0o600,
    flush: true,
  })
  const folder = join(dirname(partial), manifest.id)
  await rename(partial, folder)
  await syncFolder(dirname(folder))
  return { folder, dump: join(folder, FILES.dump), manifest }
}

/** Whole copies that the store did not take yet, oldest first. Throws CliError (exit 1) for a damaged one. */
export function localCopies(folder: string, database: string): LocalCopy[] {
  const base = join(folder, database)
  if (!existsSync(base)) return []
  const ids = readdirSync(base).filter((name) => momentOf(name) !== undefined)
  return ids.sort().map((id) => {
    const own = join(base, id)
    const manifest = parseManifest(readFileSync(join(own, FILES.manifest), 'utf8'))
    if (manifest === undefined) throw isDamaged(own)
    return { folder: own, dump: join(own, FILES.dump), manifest }
  })
}

function isDamaged(where: string): CliError {
  return new CliError({
    what: 'The manifest of a backup that the store did not get is damaged, or of another version.',
    where,
    next: 'remove this folder; scripts/backup.sh makes a new backup.',
    exitCode: EXIT.failed,
  })
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}
