// Writes the next numbered pair.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listMigrations } from './files.ts'
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
  const last = listMigrations(folder).at(-1)?.slice(0, 4) ?? '0000'
  if (last === '9999')
    throw new Refusal(EXIT.usage, 'All numbers are taken.', 'squash the oldest migrations.')
  const number = String(Number(last) + 1).padStart(4, '0')
  const name = `${number}_${subject}`
  const title = `-- ${number} ${subject.replaceAll('_', ' ')}\n`
  const header = `${title}-- needs:  ${last}\n-- proves:\n-- Why it is this way.\n`
  writeFileSync(join(folder, `${name}.up.sql`), header, { flag: 'wx' })
  writeFileSync(join(folder, `${name}.down.sql`), title, { flag: 'wx' })
  report.result({ created: name }, [`created ${name}.up.sql and ${name}.down.sql`])
  return 0
}
