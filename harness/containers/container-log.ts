// The log of a container, while it runs and after it has ended.
import { getContainerRuntimeClient } from 'testcontainers'

const LAST_LINES = 12

/** Everything a container has printed so far, or since a moment of its own clock (seconds); both streams in order. */
export async function readLog(id: string, since = 0): Promise<string> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const raw = await dockerode.getContainer(id).logs({ stdout: true, stderr: true, follow: false, since })
  return demultiplex(raw as unknown as Buffer)
}

/** The last lines of a container's log, indented; empty when the engine no longer has them. */
export async function readLastLines(id: string): Promise<string> {
  return lastLinesOf(await readLog(id).catch(() => ''))
}

/** The last lines of a text, indented. */
export function lastLinesOf(log: string): string {
  const lines = log.trimEnd().split('\n').slice(-LAST_LINES)
  return lines.map((line) => `    ${line}`).join('\n')
}

/** Without a terminal, the engine frames a log: 8 bytes of header (stream, 0, 0, 0, length), then the text. */
function demultiplex(raw: Buffer): string {
  const parts: string[] = []
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4)
    parts.push(raw.toString('utf8', at + 8, at + 8 + length))
    at += 8 + length
  }
  return parts.join('')
}
