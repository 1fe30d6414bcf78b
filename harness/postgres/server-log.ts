// What the server wrote about one database. Every line of its log names the database of the session that caused it.

/** For `log_line_prefix`: time, process, database; the last only where a session has one. */
export const LOG_LINE_PREFIX = '%m [%p] %q[%d] '

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

interface Reading {
  database: string
  /** Writes a line into the server's log, as a session of this database. */
  mark: (text: string) => Promise<unknown>
  /** The server's log, from before the test began. */
  read: () => Promise<string>
}

const SHOWS_WITHIN_MS = 5000
const MARK = 'harness reads up to here:'

/**
 * The records of one database up to now. A log travels from the server to the engine behind the client's answer, so a
 * mark is written last and waited for: nothing can be missing for having been read too early. Throws after 5 s.
 */
export async function readRecords({ database, mark, read }: Reading): Promise<string> {
  const text = `${MARK} ${crypto.randomUUID()}`
  await mark(text)
  const deadline = performance.now() + SHOWS_WITHIN_MS
  while (performance.now() < deadline) {
    const lines = linesOf(await read(), database)
    const end = lines.findIndex((line) => line.includes(text))
    if (end >= 0)
      return lines
        .slice(0, end)
        .filter((line) => !line.includes(MARK))
        .join('\n')
  }
  throw new Error(`the server's log did not show its own mark within ${SHOWS_WITHIN_MS / 1000} s`)
}
