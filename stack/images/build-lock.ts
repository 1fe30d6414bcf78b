// One build at a time on an engine: a second `ensure` would build the same images again, on the same processors.
import { createHash } from 'node:crypto'
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../../config/cli-error.ts'
import { claimOwnership, ownerIsGone } from '../engine/ownership.ts'

const POLL_MS = 300
const WAIT_MS = 1_800_000

/**
 * Waits until no other process builds images on this engine, at most half an hour; then throws CliError (124). The lock of a
 * process that has ended is stale. Two processes that find the same stale lock may both build, which costs time only.
 */
export async function acquireBuildLock(
  engineHost: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<Disposable> {
  const engine = createHash('sha256').update(engineHost).digest('hex').slice(0, 8)
  const file = join(tmpdir(), `hma-images-${userInfo().uid}-${engine}.lock`)
  const { labels } = claimOwnership()
  const deadline = Date.now() + WAIT_MS
  for (let waiting = false; !tryToLock(file, labels); waiting = true) {
    if (!waiting) onProgress('waiting: another process is building images')
    if (Date.now() > deadline) throw waitedTooLong(file)
    await pause(POLL_MS, undefined, { signal })
  }
  return { [Symbol.dispose]: () => removeIfExists(file) }
}

/** Written to a file of its own and then linked, so that no process reads half a lock. */
function tryToLock(file: string, labels: Record<string, string>): boolean {
  const ownFile = `${file}.${process.pid}`
  writeFileSync(ownFile, JSON.stringify(labels))
  try {
    linkSync(ownFile, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!isStale(file)) return false
    removeIfExists(file)
    return tryToLock(file, labels)
  } finally {
    removeIfExists(ownFile)
  }
}

/** Not when it was removed meanwhile: the next attempt then succeeds. */
function isStale(file: string): boolean {
  try {
    return ownerIsGone(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return false
  }
}

function removeIfExists(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function waitedTooLong(file: string): CliError {
  return new CliError({
    what: `Another process has been building images for ${WAIT_MS / 60_000} minutes.`,
    where: file,
    next: 'find out what that process waits for; remove the file if it is not building.',
    exitCode: 124,
  })
}
