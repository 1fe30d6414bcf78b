import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Replaces a file, whose folder is created: a reader finds the old content or the new, never a part. Text as it is, all else as JSON. */
export function writeAtomically(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileAtomic.sync(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
}
