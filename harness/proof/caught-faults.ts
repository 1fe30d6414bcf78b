// The record of which criteria were seen red, and by which fault. An entry counts only while the sentence, the specs and
// the faults are still the ones it was made with.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError } from '../../config/cli-error.ts'

const entry = z.object({
  criterion: z.string(),
  description: z.string(),
  /** Title of the test that failed by assertion. */
  caughtBy: z.string(),
  /** The files with the criterion's tests, and the one with the fault. */
  files: z.array(z.string()),
  /** Hash of sentence, those files and the vocabulary they import. */
  basis: z.string(),
  at: z.string(),
})

export type CaughtFault = z.infer<typeof entry>
export type CaughtFaults = Record<string, CaughtFault>

const PATH = '.signoff/red.json'

/** Entries by fault id; none where nothing was proven yet. One of another form is of an older harness, and proves nothing. */
export function readCaughtFaults(): CaughtFaults {
  try {
    const found = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(PATH, 'utf8')))
    return Object.fromEntries(
      Object.entries(found).flatMap(([id, value]) => {
        const { data } = entry.safeParse(value)
        return data === undefined ? [] : [[id, data]]
      }),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new CliError({
      what: `${PATH} cannot be read.`,
      where: String(error),
      next: 'delete it, then npm run prove.',
      exitCode: 3,
    })
  }
}

/** Replaces the record as a whole, so that a killed run leaves the old one. */
export function writeCaughtFaults(record: CaughtFaults): void {
  writeAtomically(PATH, record)
}

/** What an entry stands on; another one as soon as a file of it changes or is gone. */
export function basisOf(sentence: string, files: string[]): string {
  const hash = createHash('sha256').update(sentence)
  for (const file of withImports(files)) {
    hash.update('\0').update(file)
    if (existsSync(file)) hash.update('\0').update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

/** These files and what they import from beside or below them; the harness has tests of its own. */
function withImports(files: string[]): string[] {
  const all = new Set<string>()
  const add = (file: string) => {
    if (all.has(file)) return
    all.add(file)
    if (!existsSync(file)) return
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.\/[^']+)'/g))
      add(join(dirname(file), path))
  }
  for (const file of files) add(file)
  return [...all].sort()
}
