// Small changes of SQL text, each of which a spec should notice: the text that Postgres prints for a constraint, a condition or a
// function. Which of them Postgres refuses is found by trying.

export interface Change {
  operator: string
  /** What was replaced by what. */
  description: string
  text: string
}

interface Piece {
  text: string
  at: number
}

const PIECES = new RegExp(
  [
    String.raw`--[^\n]*`,
    `'(?:[^']|'')*'`,
    `"(?:[^"]|"")*"`,
    String.raw`[a-z_][\w$]*`,
    String.raw`\d+(?:\.\d+)?`,
    String.raw`:=|::|=>|<=|>=|<>|!=|\|\||!?~\*?`,
    String.raw`\S`,
  ].join('|'),
  'gi',
)

/** Comments are left out. */
export function piecesOf(text: string): Piece[] {
  return [...text.matchAll(PIECES)]
    .map((match) => ({ text: match[0], at: match.index }))
    .filter((piece) => !piece.text.startsWith('--'))
}

const COMPARISONS: Record<string, string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '=': ['<>'],
  '<>': ['='],
  '~': ['!~'],
  '~*': ['!~*'],
}

const WORDS: Record<string, Replacement> = {
  or: ['condition', 'and'],
  true: ['constant', 'false'],
  false: ['constant', 'true'],
  old: ['row', 'new'],
  new: ['row', 'old'],
  session_user: ['actor', 'current_user'],
  current_user: ['actor', 'session_user'],
  clock_timestamp: ['time', 'now'],
  now: ['time', 'clock_timestamp'],
  min: ['aggregate', 'max'],
  max: ['aggregate', 'min'],
  desc: ['order', 'asc'],
  distinct: ['distinct', ''],
  nullif: ['null', 'coalesce'],
  lower: ['call', ''],
}

/** One change for each place where an operator applies. */
export function changesOf(text: string): Change[] {
  const pieces = piecesOf(text)
  return pieces.flatMap((_, index) => changesAt(text, pieces, index)).concat(droppedOperands(text, pieces))
}

function changesAt(text: string, pieces: Piece[], index: number): Change[] {
  const piece = pieces[index] as Piece
  const word = piece.text.toLowerCase()
  const around = { before: wordAt(pieces, index - 1), next: wordAt(pieces, index + 1) }
  const replace = (operator: string, replacement: string) =>
    replaceFrom(text, piece, piece, { operator, replacement })
  return [
    ...(COMPARISONS[word] ?? []).map((other) => replace('comparison', other)),
    ...(word === 'and' && !endsBetween(pieces, index) ? [replace('condition', 'or')] : []),
    ...turnedRound(word, around).map(([operator, other]) => replace(operator, other)),
    ...numbersBeside(piece.text, around).map((other) => replace('number', other)),
    ...exchanged(word, around).map(([operator, other]) => replace(operator, other)),
  ]
}

interface Around {
  before: string | undefined
  next: string | undefined
}

type Replacement = [operator: string, replacement: string]

function wordAt(pieces: Piece[], index: number): string | undefined {
  return pieces[index]?.text.toLowerCase()
}

function turnedRound(word: string, { before, next }: Around): Replacement[] {
  const isOfNull = next === 'null' || next === 'distinct'
  if (word === 'not') return [[isOfNull ? 'null' : 'negation', '']]
  if (word === 'is' && isOfNull) return [['null', 'is not']]
  return word === 'exists' && before !== 'not' ? [['negation', 'not exists']] : []
}

/** The number one greater and one less, also of an interval. */
function numbersBeside(piece: string, { before }: Around): string[] {
  const isNumber = /^\d+$/.test(piece) && before !== '$' && before !== '.'
  if (!isNumber && !/^'\d+ \w+'$/.test(piece)) return []
  return [1, -1].map((step) => piece.replace(/\d+/, (found) => `${Number(found) + step}`))
}

function exchanged(word: string, { before, next }: Around): Replacement[] {
  const isRow = word === 'old' || word === 'new'
  const isNoWord =
    (isRow && next !== '.') || (word === 'distinct' && next === 'from') || before === 'distinct'
  const found = WORDS[word]
  return found === undefined || isNoWord ? [] : [found]
}

function replaceFrom(
  text: string,
  first: Piece,
  last: Piece,
  { operator, replacement }: { operator: string; replacement: string },
): Change {
  const end = last.at + last.text.length
  return {
    operator,
    description: `${excerpt(text, first.at, end)} → ${replacement || 'nothing'}`,
    text: text.slice(0, first.at) + replacement + text.slice(end),
  }
}

/** The replaced text with a few words around it, so that two places can be told apart. */
function excerpt(text: string, from: number, to: number): string {
  const before = text.slice(Math.max(0, from - 24), from)
  const after = text.slice(to, to + 24)
  return `${before}[${text.slice(from, to)}]${after}`.replaceAll(/\s+/g, ' ').trim()
}

function endsBetween(pieces: Piece[], index: number): boolean {
  let depth = 0
  for (let at = index - 1; at >= 0; at--) {
    const word = pieces[at]?.text.toLowerCase()
    if (word === ')') depth++
    else if (word === '(') depth--
    if (depth < 0) return false
    if (depth === 0 && word === 'between') return true
    if (depth === 0 && (word === 'and' || word === ';')) return false
  }
  return false
}

/** Postgres prints each operand of AND and OR in parentheses: `((a) AND (b))`. Without one, the other stays. */
function droppedOperands(text: string, pieces: Piece[]): Change[] {
  return pieces.flatMap((piece, index) => {
    if (!/^(?:and|or)$/i.test(piece.text) || endsBetween(pieces, index)) return []
    const opened = pieces[index - 1]?.text === ')' ? openingOf(pieces, index - 1) : undefined
    const closed = pieces[index + 1]?.text === '(' ? closingOf(pieces, index + 1) : undefined
    const changes: Change[] = []
    const drop = (from: number, to: number) =>
      changes.push(
        replaceFrom(text, pieces[from] as Piece, pieces[to] as Piece, {
          operator: 'operand',
          replacement: '',
        }),
      )
    if (opened !== undefined && isStartOfOperand(pieces, opened)) drop(opened, index)
    if (closed !== undefined) drop(index, closed)
    return changes
  })
}

/** False for the parenthesis of a call, which is only the end of an operand. */
function isStartOfOperand(pieces: Piece[], index: number): boolean {
  const before = pieces[index - 1]?.text.toLowerCase() ?? ''
  return /^(?:\(|and|or|not|where|when|if|on|having|)$/.test(before) && before !== 'not'
}

function openingOf(pieces: Piece[], index: number): number | undefined {
  return partnerOf(pieces, index, -1, ')', '(')
}

function closingOf(pieces: Piece[], index: number): number | undefined {
  return partnerOf(pieces, index, 1, '(', ')')
}

function partnerOf(
  pieces: Piece[],
  index: number,
  step: 1 | -1,
  own: string,
  other: string,
): number | undefined {
  let depth = 0
  for (let at = index; at >= 0 && at < pieces.length; at += step) {
    if (pieces[at]?.text === own) depth++
    if (pieces[at]?.text === other && --depth === 0) return at
  }
  return undefined
}
