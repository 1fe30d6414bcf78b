// Statements whose figures are known, and what pg_stat_statements itself holds.
import type { Cluster, Database, Project } from '../../harness/index.ts'
import { addressOf, askPostgres, secretOf } from './clients.ts'
import { between, type Place, runAs } from './stats.ts'

interface Statement {
  login: string
  calls: number
  rows: number
  totalMs: number
  meanMs: number
  p95Ms: number
  share: number
  text: string | null
}

export interface Statements {
  statements: Statement[]
  hidden: number
}

/** The text of the one that takes the most time, as the extension has it. */
export const SLOW_TEXT = 'select n, $1 as secret from generate_series($2, $3) n, pg_sleep($4)'

/**
 * Among quick ones a slow statement, five calls of seven rows each, of which the last takes the longest, and the slowest, one call. Another
 * database has one that takes more time than either. `secret` is a constant in each.
 */
export async function loadStatements(cluster: Cluster, db: Database, secret: string): Promise<void> {
  await using elsewhere = await cluster.database('postgres')
  await elsewhere.query(`select pg_sleep(0.9), '${secret}' as secret`)
  for (const seconds of [0.1, 0.1, 0.1, 0.1, 0.3])
    await db.query(`select n, '${secret}' as secret from generate_series(1, 7) n, pg_sleep(${seconds})`)
  await db.query(`select pg_sleep(0.4) where '${secret}' <> ''`)
  for (let each = 0; each < 20; each++)
    await db.query(`select count(*) from auth.users where email = '${secret}'`)
}

/** The text of the one that runs at the top level and inside of a block, as the extension has it. */
export const ANYWHERE_TEXT = 'select n as anywhere from generate_series($1, $2) n'

/** Twice at the top level, three times inside of a block: where it counts both, the extension has a row for each. */
export async function loadAnywhere(db: Database): Promise<void> {
  const statement = 'select n as anywhere from generate_series(1, 7) n'
  await db.query(`set pg_stat_statements.track = 'all'`)
  for (let each = 0; each < 2; each++) await db.query(statement)
  await db.query(`do $$ begin for turn in 1..3 loop execute '${statement}'; end loop; end $$`)
}

/** The sums of the rows that the extension has of that text, and how many rows they are. */
export async function sumsOf(
  db: Database,
  text: string,
): Promise<{ entries: number; sums: Partial<Statement> }> {
  const [found] = await db.query<{ entries: number }>(
    `select count(*)::int as entries, sum(calls)::int as calls, sum(rows)::int as rows,
            sum(total_exec_time) as "totalMs", sum(total_exec_time) / sum(calls) as "meanMs"
       from statistics.pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database()) and query = $1`,
    [text],
  )
  const { entries = 0, ...sums } = found ?? {}
  return { entries, sums }
}

/** The text of what `typeByHand` asks for, as the extension has it. */
export const TYPED_TEXT = 'select $1 as typed'

/** What somebody types as the superuser of a running stack: a question, and a login whose password is made and changed. */
export async function typeByHand(project: Project, secret: string): Promise<unknown[]> {
  const statements = [
    `select '${secret}' as typed`,
    `create role typed login password '${secret}'`,
    `alter role typed password '${secret} again'`,
    'drop role typed',
  ]
  const answers: unknown[] = []
  for (const text of statements)
    answers.push(await askPostgres(project, 'postgres', 'postgres-password', text))
  return answers
}

/** The database of a running stack, for the login that monitors. */
export async function monitoredStack(project: Project): Promise<Place> {
  const { host } = await addressOf(project, 'postgres', 5432)
  const passwords = { hma_monitor: await secretOf(project, 'monitor-password') }
  return { url: `postgres://${host}/hma`, passwords }
}

const OF_THE_LOAD = /pg_sleep|from auth\.users where email/

const ORDERS = { total: 'total_exec_time', mean: 'mean_exec_time', calls: 'calls' } as const
type Order = keyof typeof ORDERS

type ByOrder = Record<string, Statement[]>

/** Those of the load, as the script prints them in each of its orders. */
export async function statementsByOrder(project: Project, db: Place): Promise<ByOrder> {
  const found: ByOrder = {}
  for (const order of Object.keys(ORDERS)) {
    const words = ['--json', '--limit', '100', '--order', order]
    const { stdout } = await runAs(project, 'slow-queries', db, 'hma_monitor', words)
    const { statements } = JSON.parse(stdout) as Statements
    found[order] = statements.filter(({ text }) => OF_THE_LOAD.test(text ?? ''))
  }
  return found
}

/** The same, as the extension has them. */
function reportedIn(db: Database, order: Order): Promise<Statement[]> {
  return db.query<Statement>(
    `with counted as (
         select *, total_exec_time / calls as mean, total_exec_time / sum(total_exec_time) over () as share
           from statistics.pg_stat_statements
          where dbid = (select oid from pg_database where datname = current_database()))
     select userid::regrole::text as login, calls::int, rows::int, total_exec_time as "totalMs", mean as "meanMs",
            least(mean + 1.645 * stddev_exec_time, max_exec_time) as "p95Ms", share, query as text
       from counted
      where query ~ '${OF_THE_LOAD.source}' and query !~ 'pg_stat_statements'
      order by ${ORDERS[order]} desc`,
  )
}

async function reportedByOrder(db: Database): Promise<ByOrder> {
  const found: ByOrder = {}
  for (const order of Object.keys(ORDERS) as Order[]) found[order] = await reportedIn(db, order)
  return found
}

/** Whatever else runs takes time, too: a share lies between the one before and the one after. */
function withShares(before: ByOrder, after: ByOrder): ByOrder {
  const moving = (order: string) => (statement: Statement, at: number) => {
    const share = between(before[order]?.[at], statement, (each) => each?.share, 1e-9)
    return { ...statement, share } as Statement
  }
  return Object.fromEntries(
    Object.entries(after).map(([order, statements]) => [order, statements.map(moving(order))]),
  )
}

interface Head {
  exitCode: number
  /** The first line. */
  head: string
  /** All of it. */
  text: string
  /** Since when the extension counts, to the second, as it says itself. */
  since: string
}

/** What the text of slow-queries begins with, and what the extension says about that. */
export async function headOf(project: Project, db: Database): Promise<Head> {
  const { exitCode, stdout } = await runAs(project, 'slow-queries', db, 'hma_monitor')
  const since = await db.value<string>(
    `select left(to_json(stats_reset) #>> '{}', 19) from statistics.pg_stat_statements_info`,
  )
  return { exitCode, head: stdout.split('\n')[0] ?? '', text: stdout, since }
}

/** Runs it, and then what the extension has of the load. */
export async function withStatements<T>(db: Database, run: () => Promise<T>): Promise<[T, ByOrder]> {
  const before = await reportedByOrder(db)
  const result = await run()
  return [result, withShares(before, await reportedByOrder(db))]
}

/** Runs it, and then the row of the slow statement in a text of it: its share in percent. */
export async function withSlowRow<T>(db: Database, run: () => Promise<T>): Promise<[T, unknown[]]> {
  const [before] = await reportedIn(db, 'total')
  const result = await run()
  const [after] = await reportedIn(db, 'total')
  const { calls, meanMs, p95Ms, totalMs, rows, login, text } = after as Statement
  const share = between(before, after, (each) => 100 * (each?.share ?? Number.NaN), 0.051)
  const figures = [calls, twoDigits(meanMs), twoDigits(p95Ms), Number((totalMs / 1000).toFixed(1))]
  return [result, [...figures, share, rows, login, text]]
}

const twoDigits = (value: number) => Number(value.toFixed(2))

interface Explanation {
  /** With --json and without. */
  exitCodes: number[]
  json: string
  /** All that it prints without --json. */
  lines: string[]
}

/** What slow-queries says where it has no statements. */
export async function explanationOf(
  project: Project,
  db: Place,
  login = 'hma_monitor',
): Promise<Explanation> {
  const [json, text] = await Promise.all([
    runAs(project, 'slow-queries', db, login, ['--json']),
    runAs(project, 'slow-queries', db, login),
  ])
  const lines = `${text.stdout}\n${text.stderr}`.trim().split('\n')
  return { exitCodes: [json.exitCode, text.exitCode], json: json.stdout, lines }
}
