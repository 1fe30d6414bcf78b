// Pulls one locked image by its digest. An unreachable registry is no error, because a stand-in can be built; a registry that
// refuses is one, because then docker/images.lock is wrong.
import { tmpdir } from 'node:os'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { docker } from './docker.ts'
import { LOCK_FILE, type UpstreamImage } from './lock.ts'

/** Why the registry cannot be reached; undefined when the image was pulled. */
export type Unreachable = string | undefined

export interface PullRun {
  log: string
  signal: AbortSignal
}

// docker prints its first line after the registry's reply for the digest, then a line for each layer and step.
const FIRST_LINE_MS = 10_000
const NEXT_LINE_MS = 180_000
const TOTAL_MS = 900_000

/** Remembers which registry cannot be reached, so that only the first pull from it waits. */
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
  const abortAfter = (ms: number) => setTimeout(() => stalled.abort(`no reply for ${ms / 1000} s`), ms)
  let timer = abortAfter(FIRST_LINE_MS)
  const onLine = (line: string) => {
    clearTimeout(timer)
    timer = abortAfter(NEXT_LINE_MS)
    if (!/error/i.test(line)) onContact()
  }
  const signal = AbortSignal.any([run.signal, stalled.signal, AbortSignal.timeout(TOTAL_MS)])
  try {
    const { exitCode, lines } = await docker(['pull', locked.reference], { ...run, signal, onLine })
    return exitCode === 0 ? undefined : whyUnreachable(locked, lines.at(-1) ?? '')
  } catch (error) {
    run.signal.throwIfAborted()
    if (error instanceof CliError || !signal.aborted) throw error
    return stalled.signal.aborted ? String(stalled.signal.reason) : `not finished after ${TOTAL_MS / 1000} s`
  } finally {
    clearTimeout(timer)
  }
}

// Only these are replies of a registry. All other failures (names, ports, proxies, certificates, time) happen on the way to it.
const REPLIES =
  /manifest unknown|name unknown|not found|no matching manifest|denied|unauthorized|no basic auth|toomanyrequests/i
const ON_THE_WAY = /no such host|dial tcp|lookup |proxyconnect|x509|timeout/i

/** Why a failed pull did not reach the registry, as the engine puts it. Throws CliError (3) for a refusal and for a full disk. */
export function whyUnreachable(locked: UpstreamImage, answer: string): string {
  const why = answer.replace(/^Error response from daemon: /, '')
  if (/no space left/i.test(why)) throw fullDisk(locked.name)
  if (REPLIES.test(why) && !ON_THE_WAY.test(why)) throw refusedByRegistry(locked, why)
  return why
}

export function fullDisk(name: string): CliError {
  return new CliError({
    what: `No space is left on the disk for ${name}.`,
    where: `the engine's disk (docker system df shows what fills it), or that of ${tmpdir()}`,
    next: 'free some space, then scripts/images.sh ensure.',
    exitCode: EXIT.unreachable,
  })
}

function refusedByRegistry({ name, reference, line, instead }: UpstreamImage, why: string): CliError {
  const otherwise = instead ?? `build its stand-in: scripts/images.sh ensure --stand-ins ${name}`
  return new CliError({
    what: `The registry refuses ${name} (${reference}): ${why}`,
    where: `${LOCK_FILE}:${line}`,
    next: `correct that line, or ${otherwise}`,
    exitCode: EXIT.unreachable,
  })
}
