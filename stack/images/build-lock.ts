// One ensure at a time: a second one would compile the same things beside the first, on the same processors.
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
 * Waits until no other process ensures images on this engine, at most half an hour. A claim whose owner is gone is void;
 * two that find the same void claim may both go on, which costs time and breaks nothing.
 */
export async function acquireBuildLock(
  engineHost: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<Disposable> {
  const engine = createHash('sha256').update(engineHost).digest('hex').slice(0, 8)
  const file = join(tmpdir(), `hma-images-${userInfo().uid}-${engine}.claim`)
  const { labels } = claimOwnership()
  const deadline = Date.now() + WAIT_MS
  for (let waiting = false; !tryToLock(file, labels); waiting = true) {
    if (!waiting) onProgress('waiting: another process is at it')
    if (Date.now() > deadline) throw waitedTooLong(file)
    await pause(POLL_MS, undefined, { signal })
  }
  return { [Symbol.dispose]: () => removeIfThere(file) }
}

/** Written aside and linked, so that nobody ever reads half a claim. */
function tryToLock(file: string, labels: Record<string, string>): boolean {
  const ownFile = `${file}.${process.pid}`
  writeFileSync(ownFile, JSON.stringify(labels))
  try {
    linkSync(ownFile, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!isStale(file)) return false
    removeIfThere(file)
    return tryToLock(file, labels)
  } finally {
    removeIfThere(ownFile)
  }
}

/** Not when it is gone meanwhile: the next try will tell. */
function isStale(file: string): boolean {
  try {
    return ownerIsGone(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return false
  }
}

function removeIfThere(file: string): void {
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
    next: 'look at that process; remove the file if it is none of yours.',
    exitCode: 124,
  })
}
