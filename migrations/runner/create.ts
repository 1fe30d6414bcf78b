// Writes the next numbered pair of files.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { listMigrations } from './files.ts'
import type { OptionsFor } from './options.ts'
import type { Output } from './output.ts'

/** Creates NNNN_<subject>.up.sql and .down.sql. Throws CliError (exit 2) for a name that is not lower-case words. */
export function createPair({ migrations, subject }: OptionsFor<'new'>, output: Output): number {
  if (!/^[a-z][a-z0-9_]*$/.test(subject)) throw misuse(`'${subject}' is not a name.`)
  const last = listMigrations(migrations).at(-1)?.slice(0, 4) ?? '0000'
  if (last === '9999') throw misuse('All numbers are used.', 'squash the oldest migrations.')
  const number = String(Number(last) + 1).padStart(4, '0')
  const name = `${number}_${subject}`
  const title = `-- ${number} ${subject.replaceAll('_', ' ')}\n`
  const header = `${title}-- needs:  ${last}\n-- proves:\n-- Why it is done this way.\n`
  writeFileSync(join(migrations, `${name}.up.sql`), header, { flag: 'wx' })
  writeFileSync(join(migrations, `${name}.down.sql`), title, { flag: 'wx' })
  output.result({ created: name }, [`created ${name}.up.sql and ${name}.down.sql`])
  return 0
}

function misuse(what: string, next = 'scripts/migrate.sh new lower_case_words'): CliError {
  return new CliError({ what, next, exitCode: EXIT.usage })
}
