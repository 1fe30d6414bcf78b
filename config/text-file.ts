// Reads a file that a person writes: whatever is wrong with it is one line, and never a stack.
import { readFileSync, statSync } from 'node:fs'
import { CliError, EXIT } from './cli-error.ts'

const LARGEST_BYTES = 256 * 1024

/** The content; undefined where there is no file. Throws CliError (exit 2) for a folder, an unreadable or huge file, and what is no text. */
export function readTextFile(path: string, next: string): string | undefined {
  const refuse = (problem: string, cause?: unknown) =>
    new CliError({ what: `${path} ${problem}.`, next, exitCode: EXIT.usage, cause })
  let bytes: Buffer
  try {
    const stat = statSync(path)
    if (!stat.isFile()) throw refuse('is no file')
    if (stat.size > LARGEST_BYTES) throw refuse(`is larger than ${LARGEST_BYTES / 1024} KiB`)
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof CliError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw refuse('cannot be read', error)
  }
  if (!isText(bytes)) throw refuse('is no text in UTF-8 without BOM')
  return bytes.toString()
}

function isText(bytes: Buffer): boolean {
  const text = bytes.toString()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return !/^\uFEFF|\uFFFD|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
}
