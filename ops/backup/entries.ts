// The entries of a dump, as pg_restore lists them, and with whose rights a restore makes each.
import { outputOf } from './postgres-tools.ts'

/** Entries that are made with the rights of one role, in their order: lines of the list. */
export interface Part {
  /** Undefined for the superuser. */
  role: string | undefined
  entries: string[]
}

/** What one call of pg_restore after the other makes. */
export interface Plan {
  definitions: Part[]
  rows: Part[]
  /** Indexes, constraints, triggers and policies, and the privileges that PUBLIC loses. */
  rest: Part[]
}

/** What a lesser role may not make, though it can own it. No expression is in it. */
const BY_SUPERUSER = ['SCHEMA', 'ACL - SCHEMA', 'EXTENSION']
/**
 * Without an expression, too, or, as the rows of a materialized view, evaluated as its owner whoever asks for it. Made last, because
 * row security would hide from the owner what a foreign key is compared with.
 */
const LAST_BY_SUPERUSER = [
  'ACL',
  'COMMENT',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'MATERIALIZED VIEW DATA',
  'ROW SECURITY',
  'SECURITY LABEL',
]
/** Privileges on what PUBLIC may use by default. They come last, so that each owner may use all of it until then. */
const OPEN_TO_PUBLIC = /^ACL \S+ (?:AGGREGATE|DOMAIN|FUNCTION|LANGUAGE|PROCEDURE|TYPE) /

/** Every entry, once. `owner` is the owner of the tables; `owners` are that role and those that it can become. */
export async function planOf(dump: string, owner: string, owners: ReadonlySet<string>): Promise<Plan> {
  const list = async (section: string) =>
    linesOf(await outputOf('pg_restore', ['--list', `--section=${section}`, dump]))
  const definitions = await list('pre-data')
  const isLate = (line: string) => OPEN_TO_PUBLIC.test(describedIn(line))
  // The owner of the tables makes an object and gives it away; a default of a view only the owner of the view may set.
  const creator = (line: string) => (isOneOf(line, ['DEFAULT']) ? ownerIn(line) : owner)
  const rest = [...(await list('post-data')), ...definitions.filter(isLate)]
  return {
    definitions: divide(
      definitions.filter((line) => !isLate(line)),
      owners,
      creator,
    ),
    rows: together(divide(await list('data'), owners, ownerIn)),
    rest: divide(rest, owners, ownerIn),
  }
}

export function linesOf(list: string): string[] {
  return list.split('\n').filter((line) => /^\d/.test(line))
}

/** Divides lines where the role changes. What is not known to be without expressions is made with the rights of a lesser role. */
export function divide(
  lines: string[],
  owners: ReadonlySet<string>,
  roleFor: (line: string) => string,
): Part[] {
  const isLast = (line: string) => isOneOf(line, LAST_BY_SUPERUSER) && !isOneOf(line, BY_SUPERUSER)
  const parts: Part[] = []
  for (const line of lines.filter((each) => !isLast(each))) {
    const isSuperusers = isOneOf(line, BY_SUPERUSER) || !owners.has(ownerIn(line))
    const role = isSuperusers ? undefined : roleFor(line)
    const part = parts.at(-1)
    if (part?.role === role && part !== undefined) part.entries.push(line)
    else parts.push({ role, entries: [line] })
  }
  const last = lines.filter(isLast)
  return last.length === 0 ? parts : [...parts, { role: undefined, entries: last }]
}

/** Rows depend on nothing but their tables, so each role loads all of its own at once. */
function together(parts: Part[]): Part[] {
  const byRole = Map.groupBy(parts, ({ role }) => role)
  return [...byRole].map(([role, own]) => ({ role, entries: own.flatMap(({ entries }) => entries) }))
}

function isOneOf(line: string, kinds: string[]): boolean {
  return kinds.some((kind) => describedIn(line).startsWith(`${kind} `))
}

/** A line is `16; 2615 17533 SCHEMA - analytics hma_owner`: numbers, kind, schema, name, owner. */
function describedIn(line: string): string {
  return line.replace(/^\d+; \d+ \d+ /, '')
}

/** The last word, whatever words are in the name before it; empty where an entry has no owner. */
function ownerIn(line: string): string {
  return line.slice(line.lastIndexOf(' ') + 1)
}
