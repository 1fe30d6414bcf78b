// Backups of any age in a real store, and the command that prunes them.
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { execa } from 'execa'
import type { Outcome, Project } from '../../harness/index.ts'
import type { Manifest } from '../../ops/backup/manifest.ts'
import { DAY_MS, type SimulatedBackup } from './histories.ts'
import { environmentOf } from './schedule.ts'
import { type Bucket, keysIn, sealed, sha256, writeObject } from './stored-backups.ts'

const HOUR_MS = 3_600_000
const DATABASE = 'pruned'

interface Stored {
  bytes?: number
  manifest?: boolean
  /** It has the report of a restore test, which found this. */
  isProven?: boolean
}

/** Stores a backup as the pipeline does, of this size and taken so many days ago; without manifest it is incomplete. Its id. */
export function storeBackup(bucket: Bucket, daysAgo: number, more?: Stored): Promise<string> {
  return storeBackupOf(bucket, new Date(Date.now() - daysAgo * DAY_MS), more)
}

/** Stores two backups on every fourth day up to yesterday, at these hours of UTC; `offset` is that of the zone whose days they have. */
export async function storePairs(
  bucket: Bucket,
  hours: [number, number],
  offset: number,
): Promise<SimulatedBackup[]> {
  const yesterday = Math.floor(Date.now() / DAY_MS) - 1
  const days = Array.from({ length: 20 }, (_, at) => yesterday - 4 * (19 - at))
  const moments = days.flatMap((day) => hours.map((hour) => day * DAY_MS + hour * HOUR_MS))
  return Promise.all(
    moments.map(async (moment) => {
      const takenAt = new Date(moment)
      const id = await storeBackupOf(bucket, takenAt)
      const day = Math.floor((moment + offset * HOUR_MS) / DAY_MS)
      return { id, takenAt, day, bytes: 1000, hasManifest: true, isVerified: true, isDisproven: false }
    }),
  )
}

async function storeBackupOf(
  { name: Bucket, client }: Bucket,
  moment: Date,
  { bytes = 1000, manifest = true, isProven }: Stored = {},
): Promise<string> {
  const takenAt = moment.toISOString()
  const id = takenAt.replaceAll(/[-:.]/g, '')
  const put = (file: string, Body: string) =>
    client.send(new PutObjectCommand({ Bucket, Key: `${DATABASE}/${id}/${file}`, Body }))
  await put('dump', dumpOf(bytes))
  if (manifest) await put('manifest.json', sealed(manifestOf(id, takenAt, bytes)))
  if (isProven !== undefined) await put('restore-test.json', JSON.stringify({ isProven }))
  return id
}

/** Nothing restores it: the commands that list and prune only hash it. */
function dumpOf(bytes: number): string {
  return 'x'.repeat(bytes)
}

/** Another dump than the one that its manifest describes: of one byte, or of as many as it has. */
export function damageBackup(bucket: Bucket, id: string, bytes = 1): Promise<void> {
  return writeObject(bucket, `${DATABASE}/${id}/dump`, 'y'.repeat(bytes))
}

/** A manifest of which nothing is left. */
export function emptyManifest(bucket: Bucket, id: string): Promise<void> {
  return writeObject(bucket, `${DATABASE}/${id}/manifest.json`, Buffer.alloc(0))
}

function manifestOf(id: string, takenAt: string, bytes: number): Manifest {
  return {
    format: 2,
    ...{ id, database: DATABASE, environment: 'test', takenAt, lsn: '0/1' },
    ...{ serverVersion: '17.11', clientVersion: '17.11', migrations: ['0001'], objects: null },
    dump: { bytes, sha256: sha256(dumpOf(bytes)) },
    creation: { encoding: 'UTF8', collate: 'C.UTF-8', ctype: 'C.UTF-8', provider: 'libc', locale: null },
    access: [],
    contents: { tables: {}, sequences: {}, catalog: [], extensions: [] },
  }
}

/** Ids of which the store has anything, newest first. */
export async function storedIds(bucket: Bucket): Promise<string[]> {
  const keys = await keysIn(bucket)
  return [...new Set(keys.map((key) => key.split('/')[1] ?? ''))].sort().reverse()
}

/** Runs the command of the service in the project's copy. */
export function prune(project: Project, bucket: Bucket, ...options: string[]): Promise<Outcome> {
  return pruneWith(project, bucket, {}, ...options)
}

/** The same with the variables that the service has in compose, where these are set. */
export function pruneAsService(
  project: Project,
  bucket: Bucket,
  set: Record<string, string>,
): Promise<Outcome> {
  const all = Object.entries(environmentOf(project, 'backup', set))
  return pruneWith(project, bucket, Object.fromEntries(all.filter(([name]) => name in set)))
}

async function pruneWith(
  project: Project,
  { name, client }: Bucket,
  variables: Record<string, string>,
  ...options: string[]
): Promise<Outcome> {
  const { accessKeyId, secretAccessKey } = await client.config.credentials()
  const endpoint = await client.config.endpoint?.()
  const env = {
    HMA_DATABASE_URL: `postgres://hma_backup@127.0.0.1:1/${DATABASE}`,
    HMA_STORE_URL: `http://${endpoint?.hostname}:${endpoint?.port}`,
    HMA_STORE_KEY_ID: accessKeyId,
    HMA_STORE_KEY_SECRET: secretAccessKey,
    HMA_BACKUP_BUCKET: name,
    HMA_BACKUP_FOLDER: join(project.root, 'backups'),
    ...variables,
  }
  const words = ['ops/backup/main.ts', 'backup-prune', ...options]
  const running = execa(process.execPath, words, { cwd: project.root, env, reject: false, timeout: 20_000 })
  const { exitCode = 1, stdout, stderr } = await running
  return { exitCode, stdout, stderr }
}
