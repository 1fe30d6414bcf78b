// Splits an SQL text into tokens as Postgres's own lexer (scan.l) does: block comments nest, a carriage return ends a line, names and the
// tags of dollar quotes may contain any letter, a tag has its own letter case, a backslash means something in e'…' only, and a string goes
// on when nothing but a line end, blanks and line comments stand between two quotes.

export interface Token {
  kind: 'comment' | 'token'
  text: string
  /** The line on which it begins, from 1. */
  line: number
}

const NAME = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`
const TAG = String.raw`[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*`
const LINE_COMMENT = String.raw`--[^\n\r]*`
const ESCAPED = String.raw`'(?:[^'\\]|\\[\s\S]|'')*'`
/** Between two parts of one string. */
const GOES_ON = String.raw`[ \t\f\v]*(?:${LINE_COMMENT})?[\n\r](?:[ \t\f\v\n\r]|${LINE_COMMENT}[\n\r])*`
const PATTERNS = [
  LINE_COMMENT,
  String.raw`\/\*`,
  String.raw`(?<quote>\$(?:${TAG})?\$)[\s\S]*?\k<quote>`,
  `[eE]${ESCAPED}(?:${GOES_ON}${ESCAPED})*`,
  `(?:[bxnBXN]|[uU]&)?'(?:[^']|'')*'`,
  `(?:[uU]&)?"(?:[^"]|"")*"`,
  NAME,
  String.raw`\S`,
]

export function tokensOf(sql: string): Token[] {
  const pattern = new RegExp(PATTERNS.join('|'), 'g')
  const tokens: Token[] = []
  let line = 1
  let counted = 0
  for (let match = pattern.exec(sql); match !== null; match = pattern.exec(sql)) {
    if (match[0] === '/*') pattern.lastIndex = endOfComment(sql, match.index)
    const text = sql.slice(match.index, pattern.lastIndex)
    line += sql.slice(counted, match.index).split('\n').length - 1
    counted = match.index
    tokens.push({ kind: /^(?:--|\/\*)/.test(text) ? 'comment' : 'token', text, line })
  }
  return tokens
}

/** Where the block comment that begins here ends; comments inside of it count. One that never ends takes the rest of the text. */
function endOfComment(sql: string, start: number): number {
  const pattern = /\/\*|\*\//g
  pattern.lastIndex = start
  let depth = 0
  for (let match = pattern.exec(sql); match !== null; match = pattern.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return pattern.lastIndex
  }
  return sql.length
}
