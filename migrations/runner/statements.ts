// Splits an SQL text into statements. Semicolons in comments, quoted text, dollar-quoted bodies, parentheses (of a rule) and
// `begin atomic … end` do not separate statements.
import { tokensOf } from './lexer.ts'

export interface Statement {
  /** Its tokens, joined by single spaces, keywords and unquoted names in lower case. */
  text: string
  /** The line on which it begins, from 1. */
  line: number
}

/** Where a token stands: in how many parentheses, and whether in the body of a function. */
interface Place {
  depth: number
  isInBody: boolean
}

const OUTSIDE: Place = { depth: 0, isInBody: false }

export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = []
  let words: string[] = []
  let place = OUTSIDE
  let first = 1
  for (const { kind, text, line } of tokensOf(sql)) {
    if (kind === 'comment') continue
    const word = wordOf(text)
    place = placeAfter(word, words, place)
    if (words.length === 0) first = line
    if (word !== ';' || place.depth > 0 || place.isInBody) words.push(word)
    else if (words.length > 0) {
      statements.push({ text: words.join(' '), line: first })
      words = []
    }
  }
  return words.length === 0 ? statements : [...statements, { text: words.join(' '), line: first }]
}

export function statementsOf(sql: string): string[] {
  return splitStatements(sql).map(({ text }) => text)
}

/** Postgres, too, changes the case of ASCII letters only. */
function wordOf(text: string): string {
  if (/['"]/.test(text) || text.startsWith('$')) return text
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * `begin atomic` can stand elsewhere (`select begin atomic` names a column), and so can `case` and `end`. The `end` of a body, and no
 * other, follows a semicolon or an empty body.
 */
function placeAfter(word: string, before: string[], { depth, isInBody }: Place): Place {
  const last = before.at(-1)
  if (isInBody) return { depth, isInBody: word !== 'end' || (last !== ';' && last !== 'atomic') }
  if (word === '(') return { depth: depth + 1, isInBody }
  if (word === ')') return { depth: depth - 1, isInBody }
  const begins = word === 'atomic' && last === 'begin' && depth === 0
  return {
    depth,
    isInBody: begins && /^create (?:or replace )?(?:function|procedure) /.test(before.join(' ')),
  }
}

/** True when the statement begins or ends a transaction. Savepoints do neither. */
export function controlsTransaction(statement: string): boolean {
  return /^(?:begin|commit|end|abort|start transaction|prepare transaction|rollback(?!(?: work| transaction)? to\b))\b/.test(
    statement,
  )
}
