// What is stored beside a dump: everything that a restore is compared with. Its presence in the store means that the backup is
// complete and was verified, because it is written last.
import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Of one table: number of rows, and the sum of their 64-bit hashes, which does not depend on their order. */
const Table = z.object({ rows: z.number(), hash: z.string() })

/** Of one object of the catalog; the digest is of its whole definition (migrations/runner/fingerprint.ts). */
const CatalogObject = z.object({ kind: z.string(), identity: z.string(), digest: z.string() })

/** Of one version of one object of the application's bucket. */
const ObjectVersion = z.object({
  key: z.string(),
  versionId: z.string(),
  bytes: z.number(),
  isLatest: z.boolean(),
})

/** What is read from the snapshot of the dump, and once more from the restored database. */
export const Contents = z.object({
  tables: z.record(z.string(), Table),
  /** The last value that each sequence gave out; null before the first. */
  sequences: z.record(z.string(), z.string().nullable()),
  catalog: z.array(CatalogObject),
  extensions: z.array(z.string()),
})

export const Manifest = z.object({
  format: z.literal(2),
  id: z.string(),
  database: z.string(),
  /** development, test or production, as the database is marked. */
  environment: z.string().nullable(),
  /** The moment of the snapshot: what was committed before it is in the backup. */
  takenAt: z.iso.datetime(),
  /** Position in the write-ahead log at the snapshot. */
  lsn: z.string(),
  serverVersion: z.string(),
  clientVersion: z.string(),
  /** The applied migrations, in order. */
  migrations: z.array(z.string()).min(1),
  dump: z.object({ bytes: z.number().int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** How the database was made, and who else than its owner has a privilege on it: no part of a dump. */
  creation: z.object({
    ...{ encoding: z.string(), collate: z.string(), ctype: z.string() },
    provider: z.enum(['libc', 'icu', 'builtin']).default('libc'),
    /** Of the provider; null for libc, which has those above. */
    locale: z.string().nullable().default(null),
  }),
  access: z.array(z.object({ role: z.string().nullable(), privilege: z.string() })),
  contents: Contents,
  /** The application's bucket after the snapshot; null when no bucket was given. */
  objects: z.object({ bucket: z.string(), versions: z.array(ObjectVersion) }).nullable(),
})

export type Contents = z.output<typeof Contents>
export type ObjectVersion = z.output<typeof ObjectVersion>
export type Manifest = z.output<typeof Manifest>

/** As it is stored: the last field is the SHA-256 of the text without it, so that a damaged manifest is not trusted. */
export function textOf(manifest: Manifest): string {
  return withHash(JSON.stringify(manifest))
}

/** Undefined for a text that is not byte for byte what `textOf` gave, or is of another version. */
export function parseManifest(stored: string): Manifest | undefined {
  const text = `${stored.slice(0, Math.max(0, stored.lastIndexOf(HASH)))}}`
  return withHash(text) === stored ? Manifest.safeParse(JSON.parse(text)).data : undefined
}

const HASH = ',"sha256":"'

function withHash(json: string): string {
  return `${json.slice(0, -1)}${HASH}${createHash('sha256').update(json).digest('hex')}"}`
}

/** How old the snapshot is at a moment, in seconds: what a disaster then would have lost. */
export function rpoSecondsAt({ takenAt }: Manifest, moment: Date): number {
  return Math.round((moment.getTime() - Date.parse(takenAt)) / 1000)
}

/** A backup's name: the moment of its snapshot in UTC, which sorts as text. `20261126T182259123Z` */
export function idOf(moment: Date): string {
  return moment.toISOString().replaceAll(/[-:.]/g, '')
}

/** The moment that a name stands for; undefined for a name that is no backup's. */
export function momentOf(id: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(id)?.slice(1)
  if (parts === undefined) return undefined
  const [year, month, day, hour, minute, second, millisecond] = parts
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`)
  return Number.isNaN(moment.getTime()) || idOf(moment) !== id ? undefined : moment
}
