// Which faults need no new injection: they were caught with the same specs, on the same product. Nobody can see from outside which
// script or document a test reads, so everything counts as the product that is neither a spec nor a benchmark.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../config/root.ts'
import { filesOf } from '../layout/imports.ts'
import type { Criterion } from './acceptance-list.ts'
import { basisOf, readCaughtFaults } from './caught-faults.ts'
import type { SelectedFault } from './select-faults.ts'

export interface SplitFaults {
  due: SelectedFault[]
  /** With the time at which the fault was last caught (ISO 8601). */
  unchanged: { fault: SelectedFault; caughtAt: string }[]
}

/** A hash of the fault, of Node's version and of the product's files; a fault in the database does not depend on documents. */
export function productFor({ injection }: SelectedFault): string {
  const files = injection.kind === 'sql' ? withoutDocuments() : everything()
  const hash = createHash('sha256').update(`${files} ${process.version} ${JSON.stringify(injection)}`)
  return hash.digest('hex').slice(0, 16)
}

/** Splits the faults by whether they, their specs and the product are what they were when the fault was caught. */
export function splitUnchanged(faults: SelectedFault[], criteria: Criterion[]): SplitFaults {
  const caught = readCaughtFaults()
  const sentences = new Map(criteria.map(({ id, sentence }) => [id, sentence]))
  const basis = (criterion: string, files: string[]) => basisOf(sentences.get(criterion) ?? '', files)
  const split: SplitFaults = { due: [], unchanged: [] }
  for (const fault of faults) {
    const entry = caught[fault.id]
    const isSame = entry?.product === productFor(fault) && entry.basis === basis(fault.criterion, entry.files)
    if (entry !== undefined && isSame) split.unchanged.push({ fault, caughtAt: entry.at })
    else split.due.push(fault)
  }
  return split
}

/** Specs, faults and vocabulary are in the basis of each entry. */
const NOT_PRODUCT = [
  ':!specs/*.spec.ts',
  ':!specs/*.faults.ts',
  ':!specs/vocabulary/*',
  ':!specs/catching-tests.json',
  ':!bench/*',
]
const everything = hashOnce(...NOT_PRODUCT)
const withoutDocuments = hashOnce(...NOT_PRODUCT, ':!docs/*', ':!*.md')

function hashOnce(...left: string[]): () => string {
  let hash: string | undefined
  return () => {
    hash ??= hashOf(filesOf(ROOT, '.', ...left))
    return hash
  }
}

function hashOf(files: string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    const path = join(ROOT, file)
    // Git lists a link to a folder as a file.
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path))
  }
  return hash.digest('hex')
}
