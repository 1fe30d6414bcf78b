// The record of the faults that were caught. An entry counts only while the sentence, the specs and the faults are the ones it
// was made with. A criterion with an entry that counts was seen red.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError } from '../../config/cli-error.ts'
import type { AcceptanceList } from './acceptance-list.ts'

const caughtFault = z.object({
  criterion: z.string(),
  description: z.string(),
  /** Title of the test that failed by assertion. */
  caughtBy: z.string(),
  /** Its file. */
  caughtIn: z.string(),
  /** The files with the criterion's tests, and the one with the fault. */
  files: z.array(z.string()),
  /** Hash of the sentence, those files and the vocabulary they import. */
  basis: z.string(),
  /** Hash of the product that the fault was injected into. */
  product: z.string(),
  at: z.string(),
})

export type CaughtFault = z.infer<typeof caughtFault>
/** By the fault's id. */
export type CaughtFaults = Record<string, CaughtFault>

export const CAUGHT_FAULTS = '.signoff/caught-faults.json'

/** Empty where nothing was recorded. Entries of another form were written by another version of the harness and are left out. */
export function readCaughtFaults(): CaughtFaults {
  try {
    const found = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(CAUGHT_FAULTS, 'utf8')))
    return Object.fromEntries(
      Object.entries(found).flatMap(([id, value]) => {
        const { data } = caughtFault.safeParse(value)
        return data === undefined ? [] : [[id, data]]
      }),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new CliError({
      what: `${CAUGHT_FAULTS} cannot be read.`,
      where: String(error),
      next: 'delete it, then npm run prove.',
      exitCode: 3,
    })
  }
}

/** Replaces the entry of one fault; without an entry the fault was not caught. */
export function recordCaughtFault(
  id: string,
  entry: Omit<CaughtFault, 'basis' | 'at'> | undefined,
  sentence: string,
): void {
  const { [id]: _, ...others } = readCaughtFaults()
  const complete = entry && { ...entry, basis: basisOf(sentence, entry.files), at: new Date().toISOString() }
  writeAtomically(CAUGHT_FAULTS, complete ? { ...others, [id]: complete } : others)
}

/** Criteria of the list that have an entry with today's sentence, specs and faults. */
export function criteriaSeenRed({ criteria }: AcceptanceList): Set<string> {
  const sentences = new Map(criteria.map(({ id, sentence }) => [id, sentence]))
  const counting = Object.values(readCaughtFaults()).filter(({ criterion, files, basis }) => {
    const sentence = sentences.get(criterion)
    return sentence !== undefined && basisOf(sentence, files) === basis
  })
  return new Set(counting.map(({ criterion }) => criterion))
}

/** A hash over the files of an entry; it changes when one of them changes or is deleted. */
export function basisOf(sentence: string, files: string[]): string {
  const hash = createHash('sha256').update(sentence)
  for (const file of withImports(files)) {
    hash.update('\0').update(file)
    if (existsSync(file)) hash.update('\0').update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

/** These files and what they import from the same folder or below; the harness has tests of its own. */
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
