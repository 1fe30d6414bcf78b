// The comments at the top of an up file: what the migration is and how it runs.
import { tokensOf } from './lexer.ts'

export interface Header {
  transactional: boolean
  /** The group that must be named for the migration to be applied. */
  optIn: string | null
}

/** Refuses a file: what is wrong, and on which line. */
export type Refuse = (what: string, line: number) => never

const DIRECTIVE = /^-- ([a-z-]+):[ \t]*(.*?)[ \t]*$|^-- (no-transaction)$/
const DOCUMENTATION = ['needs', 'proves']
/** What somebody who wrote a directive in another way had in mind. */
const NEARLY = /^[-/*\s]*(?:(?:opt|no|run)[-_\s]*(?:in|transaction|as)\b|(?:needs|proves)\s*[:=])/i
/** These change how a migration runs, so that one which has no effect is refused wherever it is. */
const NEARLY_EFFECTIVE = /^[-/*\s]*(?:opt[-_\s]*in|no[-_\s]*transaction|run[-_\s]*as)\b\s*(?:[:=]|\*\/|$)/im

/** Reads the directives. Refuses an unknown or misspelt one, and one below the header: it would have no effect. */
export function readHeader(sql: string, refuse: Refuse): Header {
  const header: Header = { transactional: true, optIn: null }
  const tokens = tokensOf(sql)
  const first = tokens.findIndex(({ kind }) => kind === 'token')
  const comments = first === -1 ? tokens : tokens.slice(0, first)
  for (const { text, line } of comments) readComment(text, header, (what) => refuse(what, line))
  refuseDirectives(sql, refuse, 'below the first statement, where it has no effect', comments.length)
  return header
}

/** Refuses a directive in a text that has none: a down file, or what is below the header. */
export function refuseDirectives(sql: string, refuse: Refuse, where: string, after = 0): void {
  for (const { kind, text, line } of tokensOf(sql).slice(after))
    if (kind === 'comment' && NEARLY_EFFECTIVE.test(text))
      refuse(`has the directive '${text}' ${where}`, line)
}

function readComment(text: string, header: Header, refuse: (what: string) => never): void {
  const [, named, value = '', flag] = DIRECTIVE.exec(text) ?? []
  const key = named ?? flag
  if (key === undefined) {
    if (NEARLY.test(text) || NEARLY_EFFECTIVE.test(text))
      refuse(
        `has '${text}' in its header, which is nearly a directive; write '-- word: value' or '-- no-transaction'`,
      )
    return
  }
  if (key === 'no-transaction' && value === '') header.transactional = false
  else if (key === 'opt-in' && header.optIn === null && /^[a-z][a-z0-9-]*$/.test(value)) header.optIn = value
  else if (!DOCUMENTATION.includes(key))
    refuse(`has '${key}: ${value}' in its header, which is not a directive`)
}
