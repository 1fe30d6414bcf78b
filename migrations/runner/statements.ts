// Splits an SQL text into statements. Semicolons in comments, quoted text, dollar-quoted bodies and `begin atomic … end` do not
// separate statements.
import { tokensOf } from './lexer.ts'

/** Each statement as its tokens, joined by single spaces, keywords and unquoted names in lower case. */
export function statementsOf(sql: string): string[] {
  const statements: string[][] = [[]]
  let depth = 0
  for (const { kind, text } of tokensOf(sql)) {
    if (kind === 'comment') continue
    const word = /['"]/.test(text) || text.startsWith('$') ? text : text.toLowerCase()
    const current = statements.at(-1) as string[]
    depth += changeOfDepth(word, current.at(-1), depth)
    if (word === ';' && depth === 0) statements.push([])
    else current.push(word)
  }
  return statements.filter((words) => words.length > 0).map((words) => words.join(' '))
}

/** `end` closes both `begin atomic` and `case`; `case` matters only inside `begin atomic`. */
function changeOfDepth(word: string, before: string | undefined, depth: number): number {
  if (word === 'atomic' && before === 'begin') return 1
  if (depth === 0) return 0
  return word === 'case' ? 1 : word === 'end' ? -1 : 0
}

/** True when the statement begins or ends a transaction. Savepoints do neither. */
export function controlsTransaction(statement: string): boolean {
  return /^(?:begin|commit|end|abort|start transaction|prepare transaction|rollback(?!(?: work| transaction)? to\b))\b/.test(
    statement,
  )
}
