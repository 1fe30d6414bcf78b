// Pulling one locked image by its digest. A registry that cannot be reached is no error, there are stand-ins for that; one
// that answers "no" is, because then the lock file says something that is not so.
import { tmpdir } from 'node:os'
import { CliError } from '../../config/cli-error.ts'
import { docker } from './docker.ts'
import { LOCK_FILE, type UpstreamImage } from './lock.ts'

/** Undefined when the image is on the engine now, else why its registry cannot be reached. */
export type Unreachable = string | undefined

export interface PullRun {
  log: string
  signal: AbortSignal
}

// The first line comes once the registry has answered for the digest. After that a line comes per layer and step.
const FIRST_LINE_MS = 10_000
const NEXT_LINE_MS = 180_000
const WHOLE_MS = 900_000

/** Pulls, but remembers which registry could not be reached: each is asked once, and nobody waits for it again. */
export function createPuller(
  onProgress: (line: string) => void,
): (locked: UpstreamImage, run: PullRun) => Promise<Unreachable> {
  const contacts = new Map<string, Promise<Unreachable>>()
  return async (locked, run) => {
    const registry = locked.reference.slice(0, locked.reference.indexOf('/'))
    const known = contacts.get(registry)
    if (known !== undefined) return (await known) ?? pullOnce(locked, run, () => {})
    const contact = Promise.withResolvers<Unreachable>()
    contacts.set(registry, contact.promise)
    const pulling = pullOnce(locked, run, () => contact.resolve(undefined))
    pulling.then(contact.resolve, () => contact.resolve(undefined))
    const unreachable = await pulling
    if (unreachable !== undefined) onProgress(`${registry} cannot be reached: ${unreachable}`)
    return unreachable
  }
}

async function pullOnce(locked: UpstreamImage, run: PullRun, onContact: () => void): Promise<Unreachable> {
  const stalled = new AbortController()
  const abortAfter = (ms: number) => setTimeout(() => stalled.abort(`silent for ${ms / 1000} s`), ms)
  let timer = abortAfter(FIRST_LINE_MS)
  const onLine = (line: string) => {
    clearTimeout(timer)
    timer = abortAfter(NEXT_LINE_MS)
    if (!/error/i.test(line)) onContact()
  }
  const signal = AbortSignal.any([run.signal, stalled.signal, AbortSignal.timeout(WHOLE_MS)])
  try {
    const { exitCode, lines } = await docker(['pull', locked.reference], { ...run, signal, onLine })
    return exitCode === 0 ? undefined : whyUnreachable(locked, lines.at(-1) ?? '')
  } catch (error) {
    run.signal.throwIfAborted()
    if (error instanceof CliError || !signal.aborted) throw error
    return stalled.signal.aborted ? String(stalled.signal.reason) : `not done after ${WHOLE_MS / 1000} s`
  } finally {
    clearTimeout(timer)
  }
}

// Only these are answers. Whatever else goes wrong (names, ports, proxies, certificates, time) is on the way to it.
const ANSWERS =
  /manifest unknown|name unknown|not found|no matching manifest|denied|unauthorized|no basic auth|toomanyrequests/i
const ON_THE_WAY = /no such host|dial tcp|lookup |proxyconnect|x509|timeout/i

/**
 * Why a pull that failed never got its answer, in the engine's words. Throws CliError (3) when the registry did answer,
 * and said no, or when the engine's disk is full.
 */
export function whyUnreachable(locked: UpstreamImage, answer: string): string {
  const why = answer.replace(/^Error response from daemon: /, '')
  if (/no space left/i.test(why)) throw fullDisk(locked.name)
  if (ANSWERS.test(why) && !ON_THE_WAY.test(why)) throw refusedByRegistry(locked, why)
  return why
}

export function fullDisk(name: string): CliError {
  return new CliError({
    what: `No space is left on the disk, so ${name} is not there.`,
    where: `the engine's (docker system df tells what fills it), or that of ${tmpdir()}`,
    next: 'free some space, then scripts/images.sh ensure.',
    exitCode: 3,
  })
}

function refusedByRegistry({ name, reference, line }: UpstreamImage, why: string): CliError {
  return new CliError({
    what: `The registry refuses ${name} (${reference}): ${why}`,
    where: `${LOCK_FILE}:${line}`,
    next: `correct that line, or build what replaces it: scripts/images.sh ensure --stand-ins ${name}`,
    exitCode: 3,
  })
}
