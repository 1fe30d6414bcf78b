// What a database is doing now; scripts/db-stats.sh --help is its manual.
import type pg from 'pg'
import { announce, locateDatabase } from '../../config/locate.ts'
import { runProgram } from '../../config/program.ts'
import { askDatabase, nameOf, sqlOf } from './database.ts'
import { type DatabaseFigures, renderDatabase, type Sealing } from './database-figures.ts'
import { readStatsOptions } from './options.ts'
import { runMeasurement } from './program.ts'

await runProgram('db-stats', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const options = readStatsOptions(words, 'db-stats', {})
  // Before a database is asked.
  const texts = { figures: sqlOf('db-stats.sql'), sealing: sqlOf('audit-sealing.sql') }
  const url = announce(await locateDatabase(process.env, 'hma_monitor'), options.json)
  return runMeasurement(
    {
      server: nameOf(url),
      measure: (limit) => askDatabase(url, limit, (client) => figuresOf(client, texts)),
      render: renderDatabase,
    },
    options,
  )
}

async function figuresOf(
  client: pg.Client,
  texts: { figures: string; sealing: string },
): Promise<DatabaseFigures> {
  const { rows } = await client.query<{ figures: Omit<DatabaseFigures, 'sealing'> }>(texts.figures)
  const [row] = rows
  if (row === undefined) throw new Error('db-stats.sql returned no row')
  return { ...row.figures, sealing: await sealingOf(client, texts.sealing) }
}

/** Null in a database without an audit log, and for a login that was not granted its numbers. */
async function sealingOf(client: pg.Client, text: string): Promise<Sealing | null> {
  const { rows } = await client.query<{ readable: boolean }>(
    `select count(*) = 2 as readable from pg_class
      where relnamespace = to_regnamespace('audit') and has_schema_privilege(relnamespace, 'usage')
        and (relname = 'audit_seal' and has_column_privilege(oid, 'up_to_id', 'select')
             or relname = 'audit_log_id' and has_sequence_privilege(oid, 'select'))`,
  )
  if (!rows[0]?.readable) return null
  const { rows: sealing } = await client.query<{ unsealed_rows: string; sealed_at: Date | null }>(text)
  const [{ unsealed_rows, sealed_at } = { unsealed_rows: '0', sealed_at: null }] = sealing
  return { unsealedRows: Number(unsealed_rows), sealedAt: sealed_at?.toISOString() ?? null }
}
