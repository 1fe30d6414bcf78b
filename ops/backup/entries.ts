// The entries of a dump, as pg_restore lists them, and with whose rights a restore makes each.
import { outputOf } from './postgres-tools.ts'

export type Section = 'pre-data' | 'data' | 'post-data'

/** Entries that one login makes, in their order: lines of the list. */
export interface Part {
  by: 'owner' | 'superuser'
  entries: string[]
}

/** What the owner of the tables may not make, though it can own it. */
const BY_SUPERUSER = ['SCHEMA', 'ACL - SCHEMA', 'EXTENSION']
/**
 * What Postgres stores without evaluating any of it, or evaluates as the owner of the table whoever asks for it. Made last: some of it
 * takes from the owner what the owner needs for the rest, as a policy does the rows of a foreign key.
 */
const LAST_BY_SUPERUSER = [
  'ACL',
  'COMMENT',
  'DEFAULT ACL',
  'EVENT TRIGGER',
  'MATERIALIZED VIEW DATA',
  'POLICY',
  'ROW SECURITY',
  'RULE',
  'SECURITY LABEL',
  'TRIGGER',
]

/** Everything of a section, once; `ofOwner` are the roles that the owner of the tables can become. */
export async function partsOf(dump: string, section: Section, ofOwner: ReadonlySet<string>): Promise<Part[]> {
  const list = await outputOf('pg_restore', ['--list', `--section=${section}`, dump])
  const parts = divide(list, ofOwner)
  return section === 'data' ? together(parts) : parts
}

/** Rows depend on nothing but their tables, so each login loads all of its own at once. */
function together(parts: Part[]): Part[] {
  return (['owner', 'superuser'] as const)
    .map((by) => ({ by, entries: parts.filter((part) => part.by === by).flatMap(({ entries }) => entries) }))
    .filter(({ entries }) => entries.length > 0)
}

/** The parts of a list. Entries of the owner that Postgres evaluates are the owner's; so is whatever kind this version does not know. */
export function divide(list: string, ofOwner: ReadonlySet<string>): Part[] {
  const parts: Part[] = []
  const last: string[] = []
  for (const line of list.split('\n').filter((each) => /^\d/.test(each))) {
    if (isOneOf(line, LAST_BY_SUPERUSER) && !isOneOf(line, BY_SUPERUSER)) last.push(line)
    else {
      const by = isOneOf(line, BY_SUPERUSER) || !ofOwner.has(ownerIn(line)) ? 'superuser' : 'owner'
      const part = parts.at(-1)
      if (part?.by === by) part.entries.push(line)
      else parts.push({ by, entries: [line] })
    }
  }
  return last.length === 0 ? parts : [...parts, { by: 'superuser', entries: last }]
}

/** A line is `16; 2615 17533 SCHEMA - analytics hma_owner`: numbers, kind, schema, name, owner. */
function isOneOf(line: string, kinds: string[]): boolean {
  const described = line.replace(/^\d+; \d+ \d+ /, '')
  return kinds.some((kind) => described.startsWith(`${kind} `))
}

/** The last word, whatever words are in the name before it; empty where an entry has no owner. */
function ownerIn(line: string): string {
  return line.slice(line.lastIndexOf(' ') + 1)
}
