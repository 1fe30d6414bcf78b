// The scripts that print figures, run as an on-call person runs them, and what the servers themselves say.
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, expect, type Outcome, type Project } from '../../harness/index.ts'
import type { DatabaseFigures } from '../../ops/stats/database-figures.ts'

export type Script = 'db-stats' | 'slow-queries' | 'cache-stats'

/** Longer than any limit that a spec gives a script, shorter than one without a limit. */
const ENDS_WITHIN_MS = 25_000

/** The script's own limit of time; a busy machine needs a few seconds more to start it. */
const LIMIT = ['--timeout', '4']
/** A client that was given that limit waits no longer; without an option it waits for ten seconds, or for eight to connect. */
export const WAITS_WITHIN_MS = 6000

export type Place = Pick<Database, 'url'> & { passwords?: Record<string, string> }

/** Runs a script against the database as that login. */
export function runAs(
  project: Project,
  script: Script,
  place: Place,
  login: string,
  words: string[] = [],
): Promise<Outcome> {
  return project.run(`scripts/${script}.sh`, [...LIMIT, ...words], {
    environment: environmentOf(place, login),
    timeoutMs: ENDS_WITHIN_MS,
  })
}

/** The same without an option for its limit of time. */
export function runWithoutLimit(project: Project, script: Script, place: Place): Promise<Outcome> {
  return project.run(`scripts/${script}.sh`, ['--json'], {
    environment: environmentOf(place, ''),
    timeoutMs: ENDS_WITHIN_MS,
  })
}

/** Starts a script likewise, and does not wait for its end. */
export function startAs(
  project: Project,
  script: Script,
  place: Place,
  login: string,
  words: string[],
): ChildProcess {
  return project.start(`scripts/${script}.sh`, [...LIMIT, ...words], {
    environment: environmentOf(place, login),
  })
}

function environmentOf({ url, passwords }: Place, login: string): Record<string, string> {
  const place = new URL(url)
  if (passwords !== undefined) Object.assign(place, { username: login, password: passwords[login] ?? '' })
  return {
    HMA_DATABASE_URL: place.href,
    HMA_REDIS_URL: place.href.replace(/^postgres(.*)\/hma$/, 'redis$1'),
  }
}

/** The object that it prints with --json. */
export async function figuresAs<T>(
  project: Project,
  script: Script,
  place: Place,
  login = 'hma_monitor',
): Promise<T> {
  const { stdout } = await runAs(project, script, place, login, ['--json'])
  return JSON.parse(stdout) as T
}

export const databaseFigures = (project: Project, db: Place) =>
  figuresAs<DatabaseFigures>(project, 'db-stats', db)

const REPORTED = readFileSync(join(import.meta.dirname, 'reported-figures.sql'), 'utf8')

/** What the server says of itself, in the same shape. The session that asks is closed, and is not counted. */
async function reportedBy(db: Database): Promise<DatabaseFigures> {
  await using asker = await db.connect()
  await asker.query('select pg_stat_force_next_flush()')
  return await asker.value<DatabaseFigures>(REPORTED)
}

/** Runs it, and then what the server reports after it, where what moves meanwhile has the limits of both reports. */
export async function withReport<T>(db: Database, run: () => Promise<T>): Promise<[T, DatabaseFigures]> {
  const before = await reportedBy(db)
  const result = await run()
  const after = await reportedBy(db)
  const moving = {
    cacheHitRatio: between(before, after, (each) => each.cacheHitRatio, 0.01),
    transactions: {
      ...after.transactions,
      committed: between(before, after, (each) => each.transactions.committed),
    },
    longestTransaction: after.longestTransaction && {
      ...after.longestTransaction,
      // A text rounds it.
      seconds: between(before, after, (each) => each.longestTransaction?.seconds, 0.5),
    },
  }
  return [result, { ...after, ...moving } as DatabaseFigures]
}

/** A number that is neither below the lower nor above the higher of the two. */
export function between<T>(
  one: T,
  other: T,
  figure: (of: T) => number | null | undefined,
  tolerance = 0,
): unknown {
  const limits = [figure(one) ?? Number.NaN, figure(other) ?? Number.NaN]
  const [least, most] = [Math.min(...limits) - tolerance, Math.max(...limits) + tolerance]
  return expect.toSatisfy((found: number) => least <= found && found <= most, `${least} to ${most}`)
}

/** The lines `name  value` of a text. */
export function valuesByLine(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => /^(\S+(?: \S+)*) {2,}(.*)$/.exec(line))
  return Object.fromEntries(lines.flatMap((line) => (line ? [[line[1], line[2]]] : [])))
}

/** The same as the numbers in their values, bytes where a unit follows. */
export function numbersByLine(text: string): Record<string, number[]> {
  const entries = Object.entries(valuesByLine(text))
  return Object.fromEntries(entries.map(([name, value]) => [name, numbersIn(value)]))
}

/** The numbers of a moment as a text shows it, to the minute. */
export const momentOf = (moment: string | null | undefined) => numbersIn((moment ?? '').slice(0, 16))

/** What the text of db-stats says of the longest transaction, part by part. */
export function longestParts({ longestTransaction: found }: DatabaseFigures): unknown[] {
  const { state, login, application, pid } = found ?? {}
  return [expect.stringMatching(/^\S+ s$/), state, `${login} (${application})`, `pid ${pid}`]
}

/** Locks as the text of db-stats shows them: the mode and both numbers of each. */
export const lockParts = ({ locks }: DatabaseFigures) =>
  locks.map(({ mode, held, waiting }) => [mode, held, waiting])

/** The same as they are in a text. */
export const locksShown = (line = '') =>
  line.split('; ').map((part) => [part.split(' ')[0], ...numbersIn(part)])

/** A length of time below two minutes as a text shows it. */
export const shownSeconds = (seconds: number | null | undefined) =>
  Number((seconds ?? Number.NaN).toFixed((seconds ?? 0) < 10 ? 1 : 0))

/** A table of the database as the text of db-stats shows it. */
export function tableRow(table: DatabaseFigures['tables'][number]): unknown[] {
  const { name, tableBytes, indexBytes, liveRows, deadRows, vacuumedAt } = table
  const vacuumed = vacuumedAt?.slice(0, 16) ?? 'never'
  return [name, rounded(tableBytes), rounded(indexBytes), liveRows, deadRows, vacuumed]
}

/**
 * The rows of the table whose head begins with that title, as far as they have all of its columns. A cell is a number where it is one
 * with or without a unit; bytes where the unit is one of those.
 */
export function rowsBelow(text: string, title: string): (string | number)[][] {
  const lines = text.split('\n').map(cellsOf)
  const head = lines.findIndex(([first]) => first === title)
  const end = lines.findIndex((cells, at) => at > head && cells.length !== lines[head]?.length)
  return head < 0 ? [] : lines.slice(head + 1, end < 0 ? undefined : end)
}

function cellsOf(line: string): (string | number)[] {
  const cells = line.trim().split(/ {2,}/)
  return cells.map((cell) => (/^\d+(?:\.\d+)?(?: [\w%]+)?$/.test(cell) ? (numbersIn(cell)[0] ?? cell) : cell))
}

const UNITS = ['KiB', 'MiB', 'GiB']

function numbersIn(text: string): number[] {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(?: ([KMG]iB))?/g)].map(
    ([, number, unit = '']) => Number(number) * 1024 ** (UNITS.indexOf(unit) + 1),
  )
}

/** As a text shows it: with one digit after the point of its unit. */
export function rounded(bytes: number | null): unknown {
  const least = bytes ?? Number.NaN
  return expect.toSatisfy((found: number) => Math.abs(found - least) <= 0.05 * least, `about ${bytes}`)
}
