// The project's own rules for SQL, which no linter has.
import { basename } from 'node:path'
import { readProjectFile } from '../../config/text-file.ts'
import { statementsOf } from '../runner/statements.ts'
import type { Violation } from './violation.ts'

interface Rule {
  rule: string
  reason: string
  /** Must match no statement. Statements are in lower case, words separated by one space, without comments and string literals. */
  pattern: RegExp
  /** Whether function bodies are searched too. */
  inBodies: boolean
}

const RULES: Rule[] = [
  {
    rule: 'no-age',
    reason: 'age() counts months of 30 days, so only its years are correct: compare dates',
    pattern: /(?<!extract \( year from )\bage \(/,
    inBodies: true,
  },
  {
    rule: 'no-clock-in-a-check',
    reason: 'a check that reads the clock gives a different result after a restore or in another time zone',
    pattern: /\bcheck \([^;]*\b(?:current_date|current_timestamp|now \(|clock_timestamp \()/,
    inBodies: false,
  },
  {
    rule: 'no-if-exists',
    reason: 'a migration must fail when the database is not in the expected state',
    pattern: /^(?:create|alter|drop) [^;]*?\bif (?:not )?exists\b(?! \()/,
    inBodies: false,
  },
  {
    rule: 'no-default-partition',
    reason:
      'it hides that the job that creates leaves has stopped, and Postgres searches it for every new leaf',
    pattern: /\bpartition of \S+ (?:\. \S+ )?default\b/,
    inBodies: false,
  },
  {
    rule: 'no-grant-to-public',
    reason: 'PUBLIC includes every role, also those created later',
    pattern: /^grant [^;]* to public\b/,
    inBodies: false,
  },
]

export function checkProjectRules(files: string[]): Violation[] {
  return files.flatMap((file) => {
    const sql = readProjectFile(file)
    return [...violationsIn(sql), ...titleViolations(file, sql)].map((found) => ({
      tool: 'project',
      file,
      ...found,
    }))
  })
}

type Found = Pick<Violation, 'rule' | 'line' | 'message'>

/** The line is that of the first match in the file, because the position of a statement is not known. */
function violationsIn(sql: string): Found[] {
  return statementsOf(sql).flatMap((statement) =>
    RULES.flatMap(({ rule, reason, pattern, inBodies }) => {
      const match = pattern.exec(withoutLiterals(statement, inBodies))?.[0]
      return match === undefined ? [] : [{ rule, line: lineOf(sql, match), message: reason }]
    }),
  )
}

function withoutLiterals(statement: string, keepBodies: boolean): string {
  return statement
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/(\$\w*\$)([\s\S]*?)\1/g, (_, __, body: string) =>
      keepBodies ? statementsOf(body).join(' ; ') : "''",
    )
}

function lineOf(sql: string, match: string): number {
  const pattern = match
    .split(' ')
    .map((word) => word.replaceAll(/\W/g, String.raw`\$&`))
    .join(String.raw`\s*`)
  const at = sql.search(new RegExp(pattern, 'i'))
  return at === -1 ? 1 : sql.slice(0, at).split('\n').length
}

/** The header of a migration names it; that of an up file also says what it needs and what it proves. */
function titleViolations(file: string, sql: string): Found[] {
  const [, number, direction] = /^(\d{4})_\w+\.(up|down)\.sql$/.exec(basename(file)) ?? []
  if (number === undefined) return []
  const header = /^(?:--.*\n)*/.exec(sql)?.[0] ?? ''
  const upLines = direction === 'up' ? [/^-- needs: /m, /^-- proves: /m] : []
  if ([new RegExp(`^-- ${number} \\S`), ...upLines].every((line) => line.test(header))) return []
  const message =
    'begins with `-- NNNN what`, and an up file with `-- needs:` and `-- proves:` after it, each with a value'
  return [{ rule: 'title', line: 1, message }]
}
