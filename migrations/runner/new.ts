// Writes the next numbered pair.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { listMigrations } from './files.ts'
import type { Options } from './options.ts'
import type { Report } from './report.ts'

/** Creates NNNN_<subject>.up.sql and .down.sql. Throws CliError (exit 2) for a name that is not lower case words. */
export function createPair({ folder, subject }: Options, report: Report): number {
  if (subject === undefined || !/^[a-z][a-z0-9_]*$/.test(subject)) {
    throw new CliError({
      what: `'${subject ?? ''}' is not a name.`,
      next: 'scripts/migrate.sh new lower_case_words',
      exitCode: EXIT.usage,
    })
  }
  const last = listMigrations(folder).at(-1)?.slice(0, 4) ?? '0000'
  if (last === '9999')
    throw new CliError({
      what: 'All numbers are taken.',
      next: 'squash the oldest migrations.',
      exitCode: EXIT.usage,
    })
  const number = String(Number(last) + 1).padStart(4, '0')
  const name = `${number}_${subject}`
  const title = `-- ${number} ${subject.replaceAll('_', ' ')}\n`
  const header = `${title}-- needs:  ${last}\n-- proves:\n-- Why it is this way.\n`
  writeFileSync(join(folder, `${name}.up.sql`), header, { flag: 'wx' })
  writeFileSync(join(folder, `${name}.down.sql`), title, { flag: 'wx' })
  report.result({ created: name }, [`created ${name}.up.sql and ${name}.down.sql`])
  return 0
}
