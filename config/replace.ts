import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Replaces a file so that a reader finds the old one or the new one, never half of one; text as it is, all else as JSON.
 * The name it is written under is this process's own: two runs in one folder once took it from under each other.
 */
export function replaceFile(path: string, content: unknown): void {
  const fresh = `${path}.${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(fresh, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
  renameSync(fresh, path)
}
