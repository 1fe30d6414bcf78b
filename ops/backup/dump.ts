// Writes a dump, hashes it while it is written, and proves that it can be decoded to its end.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { type Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Manifest } from './manifest.ts'
import { startTool } from './postgres-tools.ts'

export type Digest = Manifest['dump']

export interface DumpOptions {
  url: URL
  snapshot: string
  file: string
  lockWaitSeconds: number
  signal: AbortSignal
}

/**
 * Only gzip: of 40 flipped bits its checksum shows 40 at decoding; zstd showed 13, lz4 3, and the rest were restored differently
 * without an error (docs/backups.md). Through a pipe, so that pg_dump ends when this process does.
 */
export async function writeDump({
  url,
  snapshot,
  file,
  lockWaitSeconds,
  signal,
}: DumpOptions): Promise<Digest> {
  const options = ['--format=custom', '--compress=gzip', `--snapshot=${snapshot}`]
  const tool = startTool('pg_dump', [...options, `--lock-wait-timeout=${lockWaitSeconds}s`], { url, signal })
  try {
    // `flush`: on the disk before it is closed.
    const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
    const digest = await hashThrough(tool.stdout, target)
    await tool.ended
    return digest
  } catch (cause) {
    tool.kill()
    throw cause instanceof CliError ? cause : notWritten(file, cause as Error)
  }
}

/** Passes a stream on and returns size and SHA-256 of what went through. */
export async function hashThrough(source: Readable, target: Writable): Promise<Digest> {
  const hash = createHash('sha256')
  let bytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  await pipeline(source, measure, target)
  return { bytes, sha256: hash.digest('hex') }
}

export function hashOf(source: Readable): Promise<Digest> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  return hashThrough(source, nowhere)
}

export function hashFile(file: string): Promise<Digest> {
  return hashOf(createReadStream(file))
}

/** Decompresses every row: `pg_restore --list` accepts a dump that ends in the middle. */
export async function decodeDump(file: string, signal: AbortSignal): Promise<void> {
  const tool = startTool('pg_restore', ['--file=/dev/null', file], { signal })
  tool.stdout.resume()
  await tool.ended
}

/** Throws CliError (exit 1) when two copies of a dump differ. */
export function requireEqual(expected: Digest, actual: Digest, where: string): void {
  if (expected.sha256 === actual.sha256 && expected.bytes === actual.bytes) return
  throw new CliError({
    what: `The dump is damaged: ${actual.bytes} bytes with SHA-256 ${actual.sha256}, and its manifest says ${expected.bytes} with ${expected.sha256}.`,
    where,
    next: 'use another backup; scripts/backup.sh makes a new one.',
    exitCode: EXIT.failed,
  })
}

function notWritten(file: string, cause: Error & { code?: string }): CliError {
  return new CliError({
    what: `The dump cannot be written (${cause.code ?? cause.message}).`,
    where: file,
    next: cause.code === 'ENOSPC' ? 'delete files on that disk.' : 'read the cause above.',
    exitCode: EXIT.failed,
    cause,
  })
}
