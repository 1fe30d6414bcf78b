// Where the log goes: its lines are gathered for a moment and written at once. A write for each was a quarter of what the
// shortest answer costs; now it is too little to measure.
import type { Writable } from 'node:stream'

const GATHER_MS = 20
/** What may wait for a reader, in bytes. Who does not read must neither stop the service nor fill its memory. */
const MOST_UNREAD = 1_000_000

export interface Log {
  /** Takes one line, or drops it while too much is unread; how many were lost stands in the log once it is read again. */
  write(line: string): void
  /** Fulfilled once all lines so far are with the reader, or cannot get there. */
  written(): Promise<void>
}

/**
 * Whoever ends the process waits for `written`. A defect that ends it loses nothing that the reader has room for; a
 * process that is killed loses its last 20 ms.
 */
export function openLog(output: Writable): Log {
  let lines = ''
  let lost = 0
  const flush = () => {
    if (lines !== '') output.write(lines)
    lines = ''
  }
  // A reader that is gone is no reason to end.
  output.on('error', () => {})
  process.once('exit', flush)
  return {
    write(line) {
      if (output.writableLength + lines.length > MOST_UNREAD) {
        lost++
        return
      }
      if (lines === '') setTimeout(flush, GATHER_MS)
      lines += lossOf(lost) + line
      lost = 0
    },
    written() {
      flush()
      return new Promise((resolve) => output.write('', () => resolve()))
    },
  }
}

function lossOf(lines: number): string {
  if (lines === 0) return ''
  const loss = { level: 40, time: Date.now(), service: 'ml-stub', lost: lines, msg: 'nobody read the log' }
  return `${JSON.stringify(loss)}\n`
}
