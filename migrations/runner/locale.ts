// The rules of the schema compare letters without their case, so they hold only where Postgres knows which letters belong together.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'

interface Locale {
  encoding: string
  locale: string
  /** False in C, which knows ASCII only, and in Turkish, where the small letter of I is another one. */
  folds: boolean
}

/** Throws CliError (exit 4) that names encoding and locale of the database. They are chosen when it is created. */
export async function requireLocale(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Locale>(
    `select pg_encoding_to_char(encoding) as encoding, coalesce(datlocale, datctype) as locale,
            case pg_encoding_to_char(encoding) when 'UTF8' then lower('IÖ') = 'iö' and upper('iö') = 'IÖ' else false end as folds
       from pg_database where datname = current_database()`,
  )
  const [{ encoding, locale, folds } = { encoding: '', locale: '', folds: false }] = rows
  if (folds) return
  throw new CliError({
    what: `The database has encoding ${encoding} and locale ${locale}, in which letters do not have the case that the rules rely on.`,
    next: "create it with encoding 'UTF8' locale 'C.UTF-8' template template0.",
    exitCode: EXIT.refused,
    facts: { encoding, locale },
  })
}
