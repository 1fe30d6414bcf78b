// Changes of the statements of a PL/pgSQL function: one left out, one condition negated or decided. Texts that only people read
// (message, hint, detail) stay.
import { type Change, changesOf, piecesOf } from './expressions.ts'

interface Span {
  from: number
  to: number
}

/** `body` is what stands between the dollar quotes. */
export function bodyChanges(body: string): Change[] {
  const { statements, conditions } = readBody(body)
  const wording = statements.flatMap((span) => wordingIn(body, span))
  return [
    ...changesOf(body).filter(({ text }) => !wording.some((span) => differsIn(body, text, span))),
    ...statements.flatMap((span) => withoutStatement(body, span)),
    ...conditions.flatMap((span) => decided(body, span)),
    ...literalChanges(body, wording),
  ]
}

/** A literal decides what a caller gets: a rule's name, an SQLSTATE, an action. */
function literalChanges(body: string, wording: Span[]): Change[] {
  return piecesOf(body)
    .filter(({ text, at }) => /^'[a-z][\w ]*'$/i.test(text) && !wording.some((span) => isIn(at, span)))
    .filter(({ text }) => !/^'\d/.test(text))
    .map(({ text, at }) => change(body, { from: at, to: at + text.length }, "'other'", 'literal'))
}

function withoutStatement(body: string, span: Span): Change[] {
  return [change(body, span, 'null', 'statement')]
}

function decided(body: string, span: Span): Change[] {
  const condition = body.slice(span.from, span.to)
  return [
    change(body, span, ` not (${condition}) `, 'branch'),
    change(body, span, ' true ', 'branch'),
    change(body, span, ' false ', 'branch'),
  ]
}

function change(body: string, { from, to }: Span, replacement: string, operator: string): Change {
  const shown = body.slice(from, to).replaceAll(/\s+/g, ' ').trim()
  const line = body.slice(0, from).split('\n').length
  return {
    operator,
    description: `line ${line}: ${shown.length > 70 ? `${shown.slice(0, 70)}…` : shown} → ${replacement.length > 40 ? 'negated' : replacement.trim()}`,
    text: body.slice(0, from) + replacement + body.slice(to),
  }
}

/** Statements that end with a semicolon, and the conditions of `if`, `elsif` and `while`. */
function readBody(body: string): { statements: Span[]; conditions: Span[] } {
  const pieces = piecesOf(body)
  const statements: Span[] = []
  const conditions: Span[] = []
  const word = (index: number) => pieces[index]?.text.toLowerCase() ?? ''
  const start = (index: number) => pieces[index]?.at ?? body.length
  let at = pieces.findIndex(({ text }) => text.toLowerCase() === 'begin')
  if (at < 0) return { statements, conditions }
  while (at < pieces.length) {
    const keyword = word(at)
    if (/^(?:begin|else|loop|exception)$/.test(keyword)) at += 1
    else if (/^(?:if|elsif|when)$/.test(keyword)) {
      const end = find(pieces, at, 'then')
      if (keyword !== 'when') conditions.push({ from: start(at) + keyword.length, to: start(end) })
      at = end + 1
    } else if (/^(?:for|while|foreach)$/.test(keyword)) at = find(pieces, at, 'loop') + 1
    else {
      const end = find(pieces, at, ';')
      if (keyword !== 'end' && keyword !== 'declare') statements.push({ from: start(at), to: start(end) })
      at = end + 1
    }
  }
  return { statements, conditions }
}

/** The next such word outside of parentheses and of `case … end`. */
function find(pieces: ReturnType<typeof piecesOf>, from: number, wanted: string): number {
  let depth = 0
  for (let at = from; at < pieces.length; at++) {
    const word = pieces[at]?.text.toLowerCase() ?? ''
    if (depth === 0 && word === wanted && at > from) return at
    if (word === '(' || word === 'case') depth++
    if (word === ')' || (word === 'end' && depth > 0)) depth--
  }
  return pieces.length
}

/** The parts of a RAISE that only people read. */
function wordingIn(body: string, { from, to }: Span): Span[] {
  const statement = body.slice(from, to)
  if (!/^raise\b/i.test(statement)) return []
  return [
    ...statement.matchAll(
      /\b(?:message|hint|detail)\s*=[\s\S]*?(?=,\s*(?:message|hint|detail|errcode|constraint|schema|table|column)\s*=|$)/gi,
    ),
  ].map((match) => ({ from: from + match.index, to: from + match.index + match[0].length }))
}

function isIn(at: number, { from, to }: Span): boolean {
  return at >= from && at < to
}

/** Whether the first difference of the two texts lies in this span. */
function differsIn(before: string, after: string, span: Span): boolean {
  let at = 0
  while (at < before.length && before[at] === after[at]) at++
  return isIn(at, span)
}
