// Rules of this house that no linter has, looked for in the statements of a file.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { statementsOf } from '../runner/statements.ts'
import type { Finding } from './finding.ts'

interface Rule {
  rule: string
  why: string
  /** What no statement may hold. Words stand apart by one space and in lower case, without comments and quoted text. */
  pattern: RegExp
  /** It holds inside of function bodies too. */
  inBodies: boolean
}

const RULES: Rule[] = [
  {
    rule: 'no-age',
    why: 'age() counts months of 30 days, so that only its years are true: compare dates',
    pattern: /(?<!extract \( year from )\bage \(/,
    inBodies: true,
  },
  {
    rule: 'no-clock-in-a-rule',
    why: 'a rule that reads the clock gives another answer on restore, and in another time zone',
    pattern: /\bcheck \([^;]*\b(?:current_date|current_timestamp|now \(|clock_timestamp \()/,
    inBodies: false,
  },
  {
    rule: 'no-if-exists',
    why: 'a migration that meets what it did not expect must fail',
    pattern: /^(?:create|alter|drop) [^;]*?\bif (?:not )?exists\b(?! \()/,
    inBodies: false,
  },
  {
    rule: 'no-default-partition',
    why: 'it hides that the job that prepares months no longer runs, and every new leaf has to search it',
    pattern: /\bpartition of \S+ (?:\. \S+ )?default\b/,
    inBodies: false,
  },
  {
    rule: 'no-grant-to-public',
    why: 'PUBLIC is everybody, also who comes later',
    pattern: /^grant [^;]* to public\b/,
    inBodies: false,
  },
]

/** What the house objects to in these files. */
export function askHouse(files: string[]): Finding[] {
  return files.flatMap((file) => {
    const sql = readFileSync(file, 'utf8')
    return [...objectionsTo(sql), ...titleOf(file, sql)].map((found) => ({
      tool: 'house',
      file,
      ...found,
    }))
  })
}

type Objection = Pick<Finding, 'rule' | 'line' | 'message'>

/** The line is that of the first such words in the file, because a statement's own place is not kept. */
function objectionsTo(sql: string): Objection[] {
  return statementsOf(sql).flatMap((statement) =>
    RULES.flatMap(({ rule, why, pattern, inBodies }) => {
      const words = pattern.exec(withoutText(statement, inBodies))?.[0]
      return words === undefined ? [] : [{ rule, line: lineOf(sql, words), message: why }]
    }),
  )
}

function withoutText(statement: string, keepBodies: boolean): string {
  return statement
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/(\$\w*\$)([\s\S]*?)\1/g, (_, __, body: string) =>
      keepBodies ? statementsOf(body).join(' ; ') : "''",
    )
}

function lineOf(sql: string, words: string): number {
  const pattern = words
    .split(' ')
    .map((word) => word.replaceAll(/\W/g, String.raw`\$&`))
    .join(String.raw`\s*`)
  const at = sql.search(new RegExp(pattern, 'i'))
  return at === -1 ? 1 : sql.slice(0, at).split('\n').length
}

/** A migration says at its top what it is; an up also what it needs and what it proves. */
function titleOf(file: string, sql: string): Objection[] {
  const [, number, way] = /^(\d{4})_\w+\.(up|down)\.sql$/.exec(basename(file)) ?? []
  if (number === undefined) return []
  const header = /^(?:--.*\n)*/.exec(sql)?.[0] ?? ''
  const wanted = [new RegExp(`^-- ${number} \\S`), ...(way === 'up' ? [/^-- needs: /m, /^-- proves: /m] : [])]
  if (wanted.every((line) => line.test(header))) return []
  const message = 'begins with `-- NNNN what`, and an up file with `-- needs:` and `-- proves:` after it'
  return [{ rule: 'title', line: 1, message }]
}
