// The commands: what each runs in the database, and its result. The rules of the log are in the database, not here.
import type pg from 'pg'
import { EXIT } from '../../config/cli-error.ts'
import type { Options, OptionsFor } from './options.ts'

export interface Result {
  exitCode: number
  /** For a program. */
  result: Record<string, unknown>
  /** For people, on standard output. */
  lines: string[]
}

/** Of a million altered rows, a hundred lines say enough. */
const FINDINGS_SHOWN = 100

export function runCommand(client: pg.Client, options: Options): Promise<Result> {
  switch (options.command) {
    case 'prepare':
      return prepare(client)
    case 'seal':
      return seal(client)
    case 'verify':
      return verify(client, options)
    case 'remove-expired':
      return removeExpired(client, options)
    case 'head':
      return head(client)
  }
}

async function prepare(client: pg.Client): Promise<Result> {
  const created = await column<string>(client, 'select audit.ensure_partitions()')
  const [monthsAhead = -1] = await column<number>(client, 'select audit.months_ahead()')
  return done({ made: created, monthsAhead }, [
    ...created.map((leaf) => `created ${leaf}`),
    `${monthsAhead} months ahead are prepared`,
  ])
}

async function seal(client: pg.Client): Promise<Result> {
  const { rows } = await client.query<{ month: string; rows: number }>(
    `select to_char(month, 'YYYY-MM') as month, row_count::int as rows from audit.seal()`,
  )
  const chainHead = await headOf(client)
  const lines = rows.map((window) => `sealed ${window.rows} rows of ${window.month}`)
  return done({ sealed: rows, head: chainHead }, [
    ...(lines.length === 0 ? ['nothing new to seal'] : lines),
    `head ${chainHead ?? 'none'}`,
  ])
}

interface Finding {
  finding: string
  month: string | null
  seal: string | null
  row: string | null
  total: number
}

async function verify(client: pg.Client, { head: expected }: OptionsFor<'verify'>): Promise<Result> {
  const { rows } = await client.query<Finding>(
    `select finding, to_char(month, 'YYYY-MM') as month, seal, row_id as row, count(*) over ()::int as total
       from audit.verify(decode($1, 'hex')) limit ${FINDINGS_SHOWN}`,
    [expected ?? null],
  )
  const count = rows[0]?.total ?? 0
  const findings = rows.map(({ total: _, ...finding }) => finding)
  const lines = findings.map(({ finding, month, seal: number, row }) =>
    [finding, month && `month ${month}`, number && `seal ${number}`, row && `row ${row}`]
      .filter(Boolean)
      .join(' '),
  )
  const last = count === 0 ? 'the log is unaltered' : `${count} findings`
  return { exitCode: count === 0 ? 0 : EXIT.failed, result: { count, findings }, lines: [...lines, last] }
}

async function removeExpired(client: pg.Client, { keep }: OptionsFor<'remove-expired'>): Promise<Result> {
  const { rows } = await client.query<{ month: string; rows: number; root: string }>(
    `select to_char(month, 'YYYY-MM') as month, row_count::int as rows, encode(root, 'hex') as root
       from audit.remove_expired($1)`,
    [keep],
  )
  const lines = rows.map((month) => `removed ${month.month}: ${month.rows} rows, root ${month.root}`)
  return done({ removed: rows }, lines.length === 0 ? ['nothing is expired'] : lines)
}

async function head(client: pg.Client): Promise<Result> {
  const chainHead = await headOf(client)
  return done({ head: chainHead }, chainHead === null ? [] : [chainHead])
}

async function headOf(client: pg.Client): Promise<string | null> {
  const [newest = null] = await column<string>(
    client,
    `select encode(chain, 'hex') from audit.audit_seal order by number desc limit 1`,
  )
  return newest
}

async function column<T>(client: pg.Client, text: string): Promise<T[]> {
  const { rows } = await client.query({ text, rowMode: 'array' })
  return rows.map(([value]) => value as T)
}

function done(result: Record<string, unknown>, lines: string[]): Result {
  return { exitCode: 0, result, lines }
}
