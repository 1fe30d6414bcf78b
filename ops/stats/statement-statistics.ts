// Whether pg_stat_statements can be read, and if not, why: each reason has another remedy.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'

interface State {
  database: string
  schema: string | null
  libraries: string | null
  track: string | null
  readable: boolean | null
}

const STATE = `
  select current_database() as database, e.extnamespace::regnamespace::text as schema,
         (select setting from pg_settings where name = 'shared_preload_libraries') as libraries,
         (select setting from pg_settings where name = 'pg_stat_statements.track') as track,
         case when has_schema_privilege(e.extnamespace, 'usage')
              then has_table_privilege(to_regclass(format('%s.pg_stat_statements', e.extnamespace::regnamespace)), 'select')
              else false end as readable
    from (select 1) one left join pg_extension e on e.extname = 'pg_stat_statements'`

/** The schema of the extension, quoted. Throws CliError that says what is missing. */
export async function requireStatements(client: pg.Client): Promise<string> {
  const { rows } = await client.query<State>(STATE)
  const [state] = rows
  if (state === undefined) throw new Error('the state of pg_stat_statements has no row')
  const { database, schema, libraries, track, readable } = state
  if (libraries !== null && !libraries.includes('pg_stat_statements'))
    throw missing(
      'not loaded',
      'the server does not load pg_stat_statements.',
      'add it to shared_preload_libraries, and restart the server.',
    )
  if (schema === null)
    throw missing(
      'no extension',
      `the database ${database} does not have the extension pg_stat_statements.`,
      'scripts/migrate.sh apply, or as a superuser: create extension pg_stat_statements.',
    )
  if (readable !== true)
    throw missing(
      'no privilege',
      `this login may not read ${schema}.pg_stat_statements.`,
      'log in as hma_monitor, or as another member of pg_monitor that was granted it.',
    )
  if (track === 'none')
    throw missing(
      'off',
      'the server counts no statement: pg_stat_statements.track is none.',
      'set it to top, and select pg_reload_conf().',
    )
  return schema
}

function missing(reason: string, what: string, next: string): CliError {
  return new CliError({
    what: `No statements: ${what}`,
    next,
    exitCode: EXIT.failed,
    facts: { missing: reason },
  })
}
