// Reads a file that a person writes: any problem with it is reported in one line, never as a stack trace.
import { readFileSync, statSync } from 'node:fs'
import { CliError, EXIT } from './cli-error.ts'

const LARGEST_BYTES = 256 * 1024
/** Of the project's own files, such as SQL, and of certificates. */
const LARGEST_OF_ANY = 16 * 2 ** 20

/** The content; undefined where there is no file. Throws CliError (exit 2) for a folder, an unreadable or huge file, and what is no text. */
export function readTextFile(path: string, next: string, largest = LARGEST_BYTES): string | undefined {
  const bytes = readPlainFile(path, next, largest)
  if (bytes !== undefined && !isText(bytes)) throw unusableFile(path, 'is no text in UTF-8 without BOM', next)
  return bytes?.toString()
}

/** A text that every checkout of the project has. Throws CliError (exit 2) as `readTextFile`, and where there is no file. */
export function readProjectFile(path: string): string {
  const next = `git checkout -- ${path}`
  const text = readTextFile(path, next, LARGEST_OF_ANY)
  if (text === undefined) throw unusableFile(path, 'does not exist', next)
  return text
}

/** The bytes; undefined where there is no file. Throws CliError (exit 2) for a folder, and for an unreadable or huge file. */
export function readPlainFile(path: string, next: string, largest = LARGEST_OF_ANY): Buffer | undefined {
  try {
    const stat = statSync(path)
    if (!stat.isFile()) throw unusableFile(path, 'is no file', next)
    if (stat.size > largest) throw unusableFile(path, `is larger than ${largest / 1024} KiB`, next)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof CliError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unusableFile(path, 'cannot be read', next, error)
  }
}

function unusableFile(path: string, problem: string, next: string, cause?: unknown): CliError {
  return new CliError({ what: `${path} ${problem}.`, next, exitCode: EXIT.usage, cause })
}

function isText(bytes: Buffer): boolean {
  const text = bytes.toString()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return !/^\uFEFF|\uFFFD|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
}
