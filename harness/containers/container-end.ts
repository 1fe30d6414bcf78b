// How a container ended, and what to tell the person whose run depended on it.
import { getContainerRuntimeClient } from 'testcontainers'
import { CliError, EXIT, lineOf } from '../../config/cli-error.ts'
import { readLastLines } from './container-log.ts'

const ANSWER_WITHIN_MS = 5000
const ENDS_WITHIN_MS = 2000

export interface ContainerEnd {
  exitCode: number
  outOfMemory: boolean
}

/** How a container ended, by id or name; undefined while it runs or before it was created. */
export async function readEnd(id: string): Promise<ContainerEnd | undefined> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const { State } = await dockerode.getContainer(id).inspect()
  if (State.Status !== 'exited' && State.Status !== 'dead') return undefined
  return { exitCode: State.ExitCode, outOfMemory: State.OOMKilled }
}

/** Exit code, and the memory limit where that was the reason. */
export function describeEnd({ exitCode, outOfMemory }: ContainerEnd): string {
  return `exit code ${exitCode}${outOfMemory ? ' (out of memory)' : ''}`
}

export const MORE_MEMORY = 'give the container engine more memory, or run fewer workers (--maxWorkers=2).'

/** The next act for a server whose last lines these are; `otherwise` where its memory for data was not full. */
export function nextActFor(lastLines: string, otherwise: string): string {
  return lastLines.includes('No space left on device') ? MORE_MEMORY : otherwise
}

export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404
}

/** Why a service no longer answers in the middle of a run. The engine is asked, with a limit; `symptom` is told where the container still runs. */
export async function explainLostService(service: string, id: string, symptom: string): Promise<CliError> {
  const where = `container of ${service}, in mid-run`
  const lost = (what: string, next: string) => new CliError({ what, where, next, exitCode: EXIT.unreachable })
  try {
    await waitForEnd(id)
    const end = await within(ANSWER_WITHIN_MS, readEnd(id))
    const lastLines = await within(ANSWER_WITHIN_MS, readLastLines(id))
    const how = end === undefined ? symptom : `died with ${describeEnd(end)}`
    return lost(`${service} ${how}. Its last lines:\n${lastLines}`, nextActFor(lastLines, 'run again.'))
  } catch (error) {
    if (isNotFound(error)) return lost(`${service} was removed by another program.`, 'run again.')
    return lost(`The container engine stopped (${lineOf(error)}).`, 'scripts/engine.sh, then run again.')
  }
}

/** A server closes its connections shortly before the engine knows that the container has ended. One that still runs is not an error. */
async function waitForEnd(id: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  await within(ENDS_WITHIN_MS, dockerode.getContainer(id).wait()).catch(() => {})
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
