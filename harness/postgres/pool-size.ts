// How many databases fit into the memory that holds them, and what to say when they do not.
import type pg from 'pg'
import { CliError } from '../../config/cli-error.ts'
import { MAKE_ROOM } from '../containers/inside.ts'

const MEBIBYTE = 2 ** 20

/** The server's own databases and its WAL, which is capped at 256 MiB and may overshoot. */
const SERVER_BYTES = 400 * MEBIBYTE

/** A clone grows while its test writes. */
const GROWTH = 1.3

export const READY_CLONES = 4

export interface Room {
  dataBytes: number
  cloneBytes: number
  /** Each has one database in use and one leased ahead. */
  workers: number
}

/** How many clones to keep ready: four, or as many as there is room for beside those in use; at least one. */
export function readyClones({ dataBytes, cloneBytes, workers }: Room): number {
  const fitting = Math.floor((dataBytes - SERVER_BYTES) / (cloneBytes * GROWTH)) - 2 * workers
  return Math.max(1, Math.min(READY_CLONES, fitting))
}

/** Makes "no space left on device" (53100) a message that says how much there was and what filled it. */
export async function explainNoRoom(admin: pg.Client, dataBytes: number, cause: unknown): Promise<CliError> {
  const { rows } = await admin.query<{ databases: number; bytes: string }>(
    'select count(*)::int as databases, coalesce(sum(pg_database_size(oid)), 0) as bytes from pg_database',
  )
  const [{ databases, bytes } = { databases: 0, bytes: '0' }] = rows
  return new CliError({
    what: `There is no room for one more database (53100): ${databases} of them take ${mebibytes(Number(bytes))} of ${mebibytes(dataBytes)}.`,
    where: 'the memory that holds the data of postgres',
    next: MAKE_ROOM,
    exitCode: 3,
    cause,
  })
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`
}
