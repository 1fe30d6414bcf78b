// Texts that faults quote. A change that removes one of them, or repeats it, breaks the fault.
import type { Fault, FunctionText } from './fault.ts'

interface BrokenQuote {
  id: string
  file: string
  find: string
  /** How often the text stands in the file. */
  times: number
}

/** Quotes from files that do not occur exactly once there; `read` returns an empty text for a file that does not exist. */
export function brokenQuotes(faults: Fault[], read: (file: string) => string): BrokenQuote[] {
  const quoted = faults.flatMap(({ id, injection }) =>
    injection.kind === 'edit' ? injection.edits.map(({ file, find }) => ({ id, file, find })) : [],
  )
  return quoted
    .map((quote) => ({ ...quote, times: read(quote.file).split(quote.find).length - 1 }))
    .filter(({ times }) => times !== 1)
}

/** Quotes from database functions, each with the fault that has it. */
export function functionQuotes(faults: Fault[]): (FunctionText & { id: string })[] {
  return faults.flatMap(({ id, injection }) =>
    injection.kind === 'sql' ? (injection.quotes ?? []).map((quote) => ({ id, ...quote })) : [],
  )
}
