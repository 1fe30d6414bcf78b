// Looking into a container that runs or ran: what it said, how it ended, and running a command in it.
import { getContainerRuntimeClient } from 'testcontainers'
import { CliError, lineOf } from '../../config/cli-error.ts'

const LAST_LINES = 12
const ANSWER_WITHIN_MS = 5000
const ENDS_WITHIN_MS = 2000

/** Everything a container printed so far, or since a moment of its own clock (seconds); both streams in order. */
export async function readLog(id: string, since = 0): Promise<string> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const raw = await dockerode.getContainer(id).logs({ stdout: true, stderr: true, follow: false, since })
  return demultiplex(raw as unknown as Buffer)
}

/** Its last lines, indented; empty when the engine does not have them any more. */
export async function readTail(id: string): Promise<string> {
  return lastLinesOf(await readLog(id).catch(() => ''))
}

/** The last lines of a log, indented. */
export function lastLinesOf(log: string): string {
  const lines = log.trimEnd().split('\n').slice(-LAST_LINES)
  return lines.map((line) => `    ${line}`).join('\n')
}

export interface Ending {
  exitCode: number
  outOfMemory: boolean
}

/** How the container ended; undefined while it runs. */
export async function endingOf(id: string): Promise<Ending | undefined> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const { State } = await dockerode.getContainer(id).inspect()
  if (State.Status !== 'exited' && State.Status !== 'dead') return undefined
  return { exitCode: State.ExitCode, outOfMemory: State.OOMKilled }
}

/** Exit code, and the memory limit where that was the reason. */
export function describeEnding({ exitCode, outOfMemory }: Ending): string {
  return `exit code ${exitCode}${outOfMemory ? ' (out of memory)' : ''}`
}

export const MAKE_ROOM = 'give the container engine more memory, or run fewer workers (--maxWorkers=2).'

/** What the last lines of a server ask for, or else this. */
export function nextActFor(lastLines: string, otherwise: string): string {
  return lastLines.includes('No space left on device') ? MAKE_ROOM : otherwise
}

/** Runs a shell script in the container and returns what it printed. Throws CliError with its output when it fails. */
export async function runInside(
  id: string,
  user: string,
  script: string,
  parts: string[] = [],
): Promise<string> {
  const { container } = await getContainerRuntimeClient()
  const command = ['bash', '-ec', script, 'bash', ...parts]
  const { exitCode, output } = await container.exec(container.getById(id), command, { user })
  if (exitCode === 0) return output
  throw new CliError({
    what: `A command in the container ended with exit code ${exitCode}: ${output.trim()}`,
    where: script.trim().split('\n')[0] ?? '',
    next: 'read its output above.',
    exitCode: 3,
  })
}

/** Starts a process in the container that outlives this call. Answers how it ended; undefined while it runs. */
export async function startInside(
  id: string,
  user: string,
  script: string,
  parts: string[] = [],
): Promise<() => Promise<number | undefined>> {
  const { container } = await getContainerRuntimeClient()
  const Cmd = ['bash', '-ec', script, 'bash', ...parts]
  const process = await container.getById(id).exec({ Cmd, User: user })
  const reply = await process.start({ Detach: true })
  reply.destroy()
  return async () => {
    const { Running, ExitCode } = await process.inspect()
    return Running ? undefined : (ExitCode ?? undefined)
  }
}

/** Why a service is gone in the middle of a run, asked of the engine, which has a few seconds to answer; `signs` are those of one that still runs. */
export async function whyGone(service: string, id: string, signs: string): Promise<CliError> {
  const where = `container of ${service}, in mid-run`
  const trouble = (what: string, next: string) => new CliError({ what, where, next, exitCode: 3 })
  try {
    await ended(id)
    const ending = await within(ANSWER_WITHIN_MS, endingOf(id))
    const tail = await within(ANSWER_WITHIN_MS, readTail(id))
    const how = ending === undefined ? signs : `died with ${describeEnding(ending)}`
    return trouble(`${service} ${how}. Its last lines:\n${tail}`, nextActFor(tail, 'run again.'))
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404)
      return trouble(`${service} was removed by somebody else.`, 'run again.')
    return trouble(`The container engine stopped (${lineOf(error)}).`, 'scripts/engine.sh, then run again.')
  }
}

/** Connections are cut a moment before the engine knows that the container has ended; of one that runs on, nothing is learnt. */
async function ended(id: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  await within(ENDS_WITHIN_MS, dockerode.getContainer(id).wait()).catch(() => {})
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

/** The engine frames a log without a terminal: 8 bytes of header (stream, 0, 0, 0, length), then the text. */
export function demultiplex(raw: Buffer): string {
  const parts: string[] = []
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4)
    parts.push(raw.toString('utf8', at + 8, at + 8 + length))
    at += 8 + length
  }
  return parts.join('')
}
