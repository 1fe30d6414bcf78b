// What workers and the broker say to each other: one JSON object per line over a socket. A lease belongs to
// the socket it was asked on, so a worker that dies gives back everything it held.
import type { StopMode } from '../containers/clusters.ts'

export interface DatabaseLease {
  id: number
  name: string
  host: string
  port: number
  user: string
  password: string
  /** Passwords of the login roles, by role name. */
  roles: Record<string, string>
  /** Shell command that opens this database from the machine of the engine. */
  openWith: string
}

/** A whole cluster: a postmaster of the test's own, with one filled database. */
export interface ClusterLease extends Omit<DatabaseLease, 'name'> {
  /** Name of its filled database. */
  database: string
}

export interface CacheLease {
  id: number
  url: string
}

export interface BucketLease {
  id: number
  name: string
  endpoint: string
  accessKey: string
  secretKey: string
}

export interface WebLease {
  id: number
  url: string
}

/** Every request a worker can make, with what it sends and what it gets. */
export interface Requests {
  /** A clone of the template of this kind, or an empty database. */
  'lease database': { sends: { kind: string | null }; gets: DatabaseLease }
  'lease cluster': { sends: Record<never, never>; gets: ClusterLease }
  'stop cluster': { sends: { id: number; mode: StopMode }; gets: null }
  'start cluster': { sends: { id: number }; gets: null }
  'read cluster log': { sends: { id: number }; gets: string }
  'lease cache': { sends: Record<never, never>; gets: CacheLease }
  'lease bucket': { sends: Record<never, never>; gets: BucketLease }
  'lease web': { sends: { service: string }; gets: WebLease }
  /** `keep` asks to leave the database for a look; the answer says whether it was. */
  release: { sends: { id: number; keep: boolean; waitedMs?: number }; gets: { kept: boolean } }
  /** Refused where the engine lacks an image of the stack, as this source tree builds it. */
  'require images': { sends: Record<never, never>; gets: null }
  /** The log of the database server, from a moment of its own clock on (seconds). */
  'read log': { sends: { since: number }; gets: string }
}

export type RequestName = keyof Requests

export interface Call {
  call: number
  request: RequestName
  body: unknown
}

export type Reply = { call: number; result: unknown } | { call: number; trouble: SentError }

/** A CliError as it crosses the socket. */
export interface SentError {
  what: string
  where?: string | undefined
  next: string
}

/** Splits a byte stream into parsed lines. */
export function onLines(receive: (message: unknown) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) receive(JSON.parse(line))
  }
}
