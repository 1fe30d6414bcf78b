// What the server logged about one database: its log_line_prefix (containers/postgres.ts) names the database of the session.

const RECORD = /^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] (?:\[([^\]]*)\] )?/

/** The records of one database, in order, with the lines that continue them. */
export function linesOf(log: string, database: string): string[] {
  const lines: string[] = []
  let isOurs = false
  for (const line of log.split('\n')) {
    const record = RECORD.exec(line)
    if (record) isOurs = record[1] === database
    if (isOurs && line !== '') lines.push(line)
  }
  return lines
}

interface LogReader {
  database: string
  /** Writes a line into the server's log from a session of this database. */
  mark: (text: string) => Promise<unknown>
  /** Reads the server's log from before the test began. */
  read: () => Promise<string>
}

const APPEARS_WITHIN_MS = 5000
const MARK = 'harness reads up to here:'

/**
 * The records of one database up to now. The engine gets a line of the log later than the client gets its answer, so a mark
 * is written and waited for: then every earlier line has arrived. Throws after 5 s.
 */
export async function readRecords({ database, mark, read }: LogReader): Promise<string> {
  const text = `${MARK} ${crypto.randomUUID()}`
  await mark(text)
  const deadline = performance.now() + APPEARS_WITHIN_MS
  while (performance.now() < deadline) {
    const lines = linesOf(await read(), database)
    const end = lines.findIndex((line) => line.includes(text))
    if (end >= 0)
      return lines
        .slice(0, end)
        .filter((line) => !line.includes(MARK))
        .join('\n')
  }
  throw new Error(
    `the server's log did not show the mark of the harness within ${APPEARS_WITHIN_MS / 1000} s`,
  )
}
