// Years of backups: what a model keeps of them, and backups of any age in a real store.
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { execa } from 'execa'
import fc from 'fast-check'
import type { Outcome, Project } from '../../harness/index.ts'
import type { Manifest } from '../../ops/backup/manifest.ts'
import type { Dated, Plan, Policy } from '../../ops/backup/retention.ts'
import { environmentOf } from './schedule.ts'
import { type Bucket, keysIn, sealed, sha256, writeObject } from './stored-backups.ts'

export type PlanRetention = (backups: readonly Dated[], policy: Policy, now: Date) => Plan<Dated>

/** Of the project's copy, so that a fault in it takes effect. */
export async function retentionOf(project: Project): Promise<PlanRetention> {
  const { planRetention } = await import(join(project.root, 'ops/backup/retention.ts'))
  return planRetention
}

export const POLICY: Policy = {
  daily: 7,
  weekly: 4,
  monthly: 6,
  newest: 3,
  zone: 'Europe/Berlin',
  acceptSize: false,
}
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** A day is its number since 1970, as a calendar counts it: without time zone, always as long as the others. */
export interface SimulatedBackup extends Dated {
  day: number
}

/** A verified backup at a local time of that day in Berlin. */
export function backupOn(day: number, minute = 150, more: Partial<Dated> = {}): SimulatedBackup {
  const takenAt = new Date(berlin(day, minute))
  return {
    id: takenAt.toISOString(),
    takenAt,
    bytes: 1000,
    hasManifest: true,
    isVerified: true,
    isDisproven: false,
    day,
    ...more,
  }
}

export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

/** The moment at which the clocks of Berlin show this; by the rule of the European Union, and not by the system's zone data. */
function berlin(day: number, minute: number): number {
  const local = day * DAY_MS + minute * MINUTE_MS
  const year = new Date(local).getUTCFullYear()
  const lastSunday = (month: number) => {
    const last = Date.UTC(year, month, 0)
    return last - new Date(last).getUTCDay() * DAY_MS + 60 * MINUTE_MS
  }
  const isSummer = (utc: number) => utc >= lastSunday(3) && utc < lastSunday(10)
  const summer = local - 120 * MINUTE_MS
  return isSummer(summer) ? summer : local - 60 * MINUTE_MS
}

/** How often a property is tried, and what is found where it holds. */
export const RUNS = { numRuns: 40, endOnFailure: true }
export const NO_COUNTEREXAMPLE = { counterexample: null, failed: false, numRuns: RUNS.numRuns }

/** Days on end from any day of twelve years on, leap days among them; on some nothing ran, and some backups are not verified. */
export const HISTORIES = fc
  .record({
    first: fc.integer({ min: dayNumber('2019-01-01'), max: dayNumber('2030-12-31') }),
    runs: fc.array(
      fc.record({
        outage: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 70 })),
        minute: fc.integer({ min: 0, max: 1439 }),
        state: fc.constantFrom('verified', 'verified', 'verified', 'verified', 'damaged', 'incomplete'),
      }),
      { minLength: 1, maxLength: 400, size: 'max' },
    ),
  })
  .map(({ first, runs }) => {
    let day = first
    return runs.map(({ outage, minute, state }) => {
      day += 1 + outage
      return backupOn(day, minute, { isVerified: state === 'verified', hasManifest: state !== 'incomplete' })
    })
  })

/** Days of the backups that stay. */
export function daysKept(history: readonly SimulatedBackup[], policy: Policy): number[] {
  return daysOf(backupsKept(history, policy))
}

/** The backups that stay, said once more and otherwise: each verified one is compared with those after it. Oldest first. */
export function backupsKept(history: readonly SimulatedBackup[], policy: Policy): SimulatedBackup[] {
  const verified = history.filter(({ isVerified }) => isVerified)
  const damaged = history.filter(({ isVerified, hasManifest }) => !isVerified && hasManifest)
  return [...damaged, ...verified.filter((_, at) => isKept(verified.slice(at), policy))]
}

function isKept([backup, ...later]: SimulatedBackup[], { daily, weekly, monthly, newest }: Policy): boolean {
  // The first of January 1970 was a Thursday.
  const periods: [count: number, periodOf: (day: number) => number | string][] = [
    [daily, (day) => day],
    [weekly, (day) => Math.floor((day + 3) / 7)],
    [monthly, (day) => new Date(day * DAY_MS).toISOString().slice(0, 7)],
  ]
  const isNewestOfItsPeriod = periods.some(([count, periodOf]) => {
    const laterPeriods = new Set(later.map(({ day }) => periodOf(day)))
    return !laterPeriods.has(periodOf(backup?.day ?? 0)) && laterPeriods.size < count
  })
  return isNewestOfItsPeriod || later.length < newest
}

export function daysOf(backups: readonly Dated[]): number[] {
  return (backups as SimulatedBackup[]).map(({ day }) => day).sort((one, other) => one - other)
}

/** What is left of one backup each day, pruned each day. */
export function pruneDaily(planRetention: PlanRetention, days: number[], policy: Policy): Dated[] {
  let left: Dated[] = []
  for (const day of days) {
    const today = [...left, backupOn(day, 30)]
    left = planRetention(today, policy, rightAfter(today)).keep.map(({ backup }) => backup)
  }
  return left
}

/** Just after the last backup. */
export function rightAfter(history: readonly Dated[]): Date {
  return new Date(Math.max(...history.map(({ takenAt }) => takenAt.getTime())) + MINUTE_MS)
}

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
