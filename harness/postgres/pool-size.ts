// How many databases fit into the memory that holds them, and the error for when they do not.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { MORE_MEMORY } from '../containers/container-end.ts'

const MEBIBYTE = 2 ** 20

/** The server's own databases and its WAL, which is capped at 256 MiB and may overshoot. */
const SERVER_BYTES = 400 * MEBIBYTE

/** A clone grows while its test writes. */
const GROWTH = 1.3

export const MAX_POOL_SIZE = 4

export interface Capacity {
  dataBytes: number
  cloneBytes: number
  /** Each uses one database and has prefetched the next. */
  workers: number
}

/** How many clones a pool keeps ready: four, or as many as fit beside those in use; at least one. */
export function poolSizeFor({ dataBytes, cloneBytes, workers }: Capacity): number {
  const fitting = Math.floor((dataBytes - SERVER_BYTES) / (cloneBytes * GROWTH)) - 2 * workers
  return Math.max(1, Math.min(MAX_POOL_SIZE, fitting))
}

/** Explains "no space left on device" (53100): how much memory there was and how much the databases use. */
export async function explainFullMemory(
  admin: pg.Client,
  dataBytes: number,
  cause: unknown,
): Promise<CliError> {
  const { rows } = await admin.query<{ databases: number; bytes: string }>(
    'select count(*)::int as databases, coalesce(sum(pg_database_size(oid)), 0) as bytes from pg_database',
  )
  const [{ databases, bytes } = { databases: 0, bytes: '0' }] = rows
  return new CliError({
    what: `The memory for one more database is missing (53100): ${databases} of them use ${mebibytes(Number(bytes))} of ${mebibytes(dataBytes)}.`,
    where: 'the memory that holds the data of postgres',
    next: MORE_MEMORY,
    exitCode: EXIT.unreachable,
    cause,
  })
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`
}
