// Which statements take the database's time; scripts/slow-queries.sh --help is its manual.
import type pg from 'pg'
import { numberBetween, oneOf } from '../../config/command-line.ts'
import { announce, locateDatabase } from '../../config/locate.ts'
import { runProgram } from '../../config/program.ts'
import { askDatabase, nameOf, sqlOf } from './database.ts'
import { readStatsOptions } from './options.ts'
import { runMeasurement } from './program.ts'
import { requireStatements } from './statement-statistics.ts'
import { duration, table } from './text.ts'

export interface Statement {
  login: string
  calls: number
  totalMs: number
  meanMs: number
  /** Of a normal distribution with this mean and deviation, and never above the slowest call. */
  p95Ms: number
  /** Of the time of all statements in this database. */
  share: number
  rows: number
  /** Constants are $1, $2 …; null where this login may not see the text. */
  text: string | null
}

export interface Statements {
  database: string
  /** When counting began. */
  since: string | null
  statements: Statement[]
  /** How many of them have no text for this login. */
  hidden: number
}

const WIDTH = 100
const ORDERS = { total: 'total_ms', mean: 'mean_ms', calls: 'calls' } as const

await runProgram('slow-queries', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const options = readStatsOptions(words, 'slow-queries', {
    '--limit <number>': numberBetween(1, 1000, 'a number').default(10),
    '--order <by>': oneOf(['total', 'mean', 'calls']).default('total'),
  })
  // Before a database is asked.
  const text = sqlOf('slow-queries.sql')
  const url = announce(await locateDatabase(process.env, 'hma_monitor'), options.json)
  const measure = (client: pg.Client) => statementsOf(client, text, ORDERS[options.order], options.limit)
  return runMeasurement(
    { server: nameOf(url), measure: (limit) => askDatabase(url, limit, measure), render },
    options,
  )
}

async function statementsOf(
  client: pg.Client,
  text: string,
  order: string,
  limit: number,
): Promise<Statements> {
  const schema = await requireStatements(client)
  const query = text.replaceAll('extension_schema.', `${schema}.`).replaceAll('order_column', order)
  const { rows } = await client.query<{ figures: Statements }>(query, [Math.floor(limit)])
  const [row] = rows
  if (row === undefined) throw new Error('slow-queries.sql returned no row')
  return row.figures
}

function render({ database, since, statements, hidden }: Statements): string[] {
  const start = since === null ? 'counting began' : since.slice(0, 19)
  if (statements.length === 0)
    return [`${database}: no statement was counted since ${start} (the last reset).`]
  const rows = statements.map(({ calls, meanMs, p95Ms, totalMs, share, rows: count, login, text }) => [
    ...[
      calls,
      meanMs.toFixed(2),
      p95Ms.toFixed(2),
      duration(totalMs / 1000),
      `${(100 * share).toFixed(1)} %`,
    ],
    ...[count, login, oneLine(text)],
  ])
  const note = `${hidden} statements are hidden from this login: use one that has pg_monitor, as hma_monitor has.`
  return [
    `${database}, since ${start}`,
    ...table(['calls', 'mean ms', 'p95 ms', 'total', 'share', 'rows', 'login', 'statement'], rows),
    ...(hidden > 0 ? [note] : []),
  ]
}

function oneLine(text: string | null): string {
  if (text === null) return '(hidden from this login)'
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line
}
