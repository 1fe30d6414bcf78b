// The acceptance list, read from docs/acceptance.md, which is the only list.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CliError } from '../../config/cli-error.ts'

export interface Criterion {
  id: string
  epic: string
  sentence: string
}

export interface AcceptanceList {
  epics: { id: string; name: string }[]
  criteria: Criterion[]
  /** Hash of all sentences with their numbers. */
  hash: string
}

export const LIST = 'docs/acceptance.md'
const EPIC = /^### ([A-H]\d) (.+)$/
const CRITERION = /^- ([A-H]\d\.\d+\.\d+) (\S.*)$/

/** Parses the list. Throws CliError with file and line for a number that is used twice or a line without number or sentence. */
export function parseList(text: string, file = LIST): AcceptanceList {
  const epics: AcceptanceList['epics'] = []
  const criteria = new Map<string, Criterion>()
  for (const [index, line] of text.split('\n').entries()) {
    const [, epicId, name] = EPIC.exec(line) ?? []
    if (epicId && name) epics.push({ id: epicId, name })
    if (!line.startsWith('- ')) continue
    const [, id, sentence] = CRITERION.exec(line) ?? []
    if (!id || !sentence) throw invalidLine('This line is not a numbered sentence', file, index)
    if (criteria.has(id)) throw invalidLine(`${id} is used twice`, file, index)
    if (!epics.some((epic) => epic.id === id.slice(0, 2)))
      throw invalidLine(`${id} comes before its epic`, file, index)
    criteria.set(id, { id, epic: id.slice(0, 2), sentence })
  }
  const all = [...criteria.values()]
  const hash = createHash('sha256').update(all.map(({ id, sentence }) => `${id} ${sentence}`).join('\n'))
  return { epics, criteria: all, hash: hash.digest('hex') }
}

/** Throws CliError (exit 2) when there is no list, or an invalid one. */
export function readList(): AcceptanceList {
  return parseList(readFile(LIST))
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CliError({
      what: `The acceptance list cannot be read: ${String(cause)}.`,
      where: file,
      next: 'run from the root of the project.',
      exitCode: 2,
      cause,
    })
  }
}

/** The number a test title starts with, if it starts with one. */
export function numberOf(title: string): string | undefined {
  return /^([A-H]\d+\.\d+\.\d+)(?=\s|$)/.exec(title)?.[1]
}

function invalidLine(what: string, file: string, index: number): CliError {
  return new CliError({
    what: `${what}.`,
    where: `${file}:${index + 1}`,
    next: 'correct that line.',
    exitCode: 2,
  })
}
