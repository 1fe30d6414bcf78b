// Writes the next numbered pair.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMigrations } from './files.ts'
import type { Options } from './options.ts'
import { EXIT, Refusal } from './refusal.ts'
import type { Report } from './report.ts'

/** Creates NNNN_<subject>.up.sql and .down.sql. Throws Refusal (exit 2) for a name that is not lower case words. */
export function createPair({ folder, subject }: Options, report: Report): number {
  if (subject === undefined || !/^[a-z][a-z0-9_]*$/.test(subject)) {
    throw new Refusal(
      EXIT.usage,
      `'${subject ?? ''}' is not a name.`,
      'scripts/migrate.sh new lower_case_words',
    )
  }
  const last = readMigrations(folder).at(-1)?.number ?? '0000'
  const number = String(Number(last) + 1).padStart(4, '0')
  const name = `${number}_${subject}`
  const header = `-- ${number} ${subject.replaceAll('_', ' ')}\n`
  writeFileSync(
    join(folder, `${name}.up.sql`),
    `${header}-- needs:  ${last}\n-- proves:\n-- Why it is this way.\n`,
    { flag: 'wx' },
  )
  writeFileSync(join(folder, `${name}.down.sql`), header, { flag: 'wx' })
  report.result({ created: name }, [`created ${name}.up.sql and ${name}.down.sql`])
  return 0
}
