// What each command asks of the database, and how it answers. What is true of the log is decided there, not here.
import type pg from 'pg'
import { EXIT } from '../../config/cli-error.ts'
import type { Options } from './options.ts'

export interface Answer {
  exitCode: number
  /** For a program. */
  result: Record<string, unknown>
  /** For people, on standard output. */
  lines: string[]
}

type Command = (client: pg.Client, options: Options) => Promise<Answer>

/** A forger who altered a million rows is not worth a million lines. */
const FINDINGS_SHOWN = 100

export const COMMANDS: Record<Options['command'], Command> = {
  prepare,
  seal,
  verify,
  'remove-expired': removeExpired,
  head,
}

async function prepare(client: pg.Client): Promise<Answer> {
  const made = await column<string>(client, 'select audit.ensure_partitions()')
  const [monthsAhead = -1] = await column<number>(client, 'select audit.months_ahead()')
  return done({ made, monthsAhead }, [
    ...made.map((leaf) => `made ${leaf}`),
    `${monthsAhead} months ahead are prepared`,
  ])
}

async function seal(client: pg.Client): Promise<Answer> {
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

async function verify(client: pg.Client, { head: expected }: Options): Promise<Answer> {
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
  const last = count === 0 ? 'the log is as it was written' : `${count} findings`
  return { exitCode: count === 0 ? 0 : EXIT.failed, result: { count, findings }, lines: [...lines, last] }
}

async function removeExpired(client: pg.Client, { keepMonths }: Options): Promise<Answer> {
  const { rows } = await client.query<{ month: string; rows: number; root: string }>(
    `select to_char(month, 'YYYY-MM') as month, row_count::int as rows, encode(root, 'hex') as root
       from audit.remove_expired($1)`,
    [keepMonths],
  )
  const lines = rows.map((gone) => `removed ${gone.month}: ${gone.rows} rows, root ${gone.root}`)
  return done({ removed: rows }, lines.length === 0 ? ['nothing is expired'] : lines)
}

async function head(client: pg.Client): Promise<Answer> {
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

function done(result: Record<string, unknown>, lines: string[]): Answer {
  return { exitCode: 0, result, lines }
}
