// The protocol between workers and the broker: one JSON object per line over a socket. A lease belongs to the socket that it
// was requested on, so the leases of a worker that dies are released.
import type { StopMode } from '../postgres/cluster-server.ts'
import type { ClusterLease, DatabaseLease } from '../postgres/lease.ts'

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

type None = Record<never, never>

/** Every request of a worker, with its body and its result. */
export interface Requests {
  /** A clone of the template of this kind, or an empty database. */
  'lease database': { body: { kind: string | null }; result: DatabaseLease }
  'lease cluster': { body: None; result: ClusterLease }
  'stop cluster': { body: { id: number; mode: StopMode }; result: null }
  'start cluster': { body: { id: number }; result: null }
  'read cluster log': { body: { id: number }; result: string }
  'lease cache': { body: None; result: CacheLease }
  'lease bucket': { body: None; result: BucketLease }
  /** A web service is shared by all tests, so it is no lease. */
  'find web service': { body: { service: string }; result: { url: string } }
  /** Rejected where the engine lacks an image of the stack, as this source tree builds it. */
  'require images': { body: None; result: null }
  /** With `keep`, the database of a failed test stays for inspection where there is room; `kept` says whether it does. */
  release: { body: { id: number; keep: boolean; waitedMs?: number }; result: { kept: boolean } }
  /** The log of the database server since a moment of its own clock (seconds). */
  'read log': { body: { since: number }; result: string }
}

export type RequestName = keyof Requests

export interface RequestMessage {
  id: number
  request: RequestName
  body: unknown
}

export type ReplyMessage = { id: number; result: unknown } | { id: number; error: ErrorMessage }

/** The fields of a CliError that a worker needs. */
export interface ErrorMessage {
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
