// Statements whose figures are known, and what pg_stat_statements itself holds.
import type { Database, Project } from '../../harness/index.ts'
import { type Place, runAs } from './stats.ts'

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

/** Among quick ones a slow statement, three calls of a fifth of a second each, and the slowest, one call. `secret` is a constant in each. */
export async function loadStatements(db: Database, secret: string): Promise<void> {
  for (const seconds of [0.2, 0.21, 0.22])
    await db.query(`select pg_sleep(${seconds}), '${secret}' as secret`)
  await db.query(`select pg_sleep(0.4) where '${secret}' <> ''`)
  for (let each = 0; each < 20; each++)
    await db.query(`select count(*) from auth.users where email = '${secret}'`)
}

const OF_THE_LOAD = /pg_sleep|from auth\.users where email/

const ORDERS = { total: 'total_exec_time', mean: 'mean_exec_time', calls: 'calls' } as const

type ByOrder = Record<string, Partial<Statement>[]>

/** Those of the load, as the script prints them in each of its orders. */
export async function statementsByOrder(project: Project, db: Place): Promise<ByOrder> {
  const found: ByOrder = {}
  for (const order of Object.keys(ORDERS)) {
    const words = ['--json', '--limit', '100', '--order', order]
    const { stdout } = await runAs(project, 'slow-queries', db, 'hma_monitor', words)
    found[order] = (JSON.parse(stdout) as Statements).statements
      .filter(({ text }) => OF_THE_LOAD.test(text ?? ''))
      .map(({ login, calls, rows, totalMs, meanMs, text }) => ({ login, calls, rows, totalMs, meanMs, text }))
  }
  return found
}

/** The same, as the extension has them. */
export async function reportedByOrder(db: Database): Promise<ByOrder> {
  const found: ByOrder = {}
  for (const [order, column] of Object.entries(ORDERS))
    found[order] = await db.query(
      `select userid::regrole::text as login, calls::int, rows::int, total_exec_time as "totalMs",
              total_exec_time / calls as "meanMs", query as text
         from statistics.pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database())
          and query ~ '${OF_THE_LOAD.source}' and query !~ 'pg_stat_statements'
        order by ${column} desc`,
    )
  return found
}
