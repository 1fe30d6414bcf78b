// Which test caught each fault. It says which test to run first, and is never evidence: so what one machine knows is kept beside the
// specs, for the fresh clones of CI and of other developers.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError } from '../../config/cli-error.ts'
import { readCaughtFaults } from './caught-faults.ts'
import type { Selection } from './select-faults.ts'

export const CATCHING_TESTS = 'specs/catching-tests.json'
/** Between file and title, as in what Vitest prints. */
const SEPARATOR = ' > '

/** By the fault's id. */
export type CatchingTests = Record<string, { caughtBy: string; caughtIn: string }>

/** What this clone has seen, and for all other faults what is kept beside the specs. */
export function readCatchingTests(): CatchingTests {
  return { ...readKept(), ...readCaughtFaults() }
}

/**
 * Keeps what this clone has seen of the selected faults, and forgets those that their criteria no longer have.
 * Returns the number of faults whose test is known.
 */
export function keepCatchingTests({ criteria, faults }: Pick<Selection, 'criteria' | 'faults'>): number {
  const known = readCatchingTests()
  const kept = Object.keys(readKept()).filter((id) => !criteria.some((each) => id.startsWith(`${each.id}/`)))
  const ids = [...kept, ...faults.map(({ id }) => id)].filter((id) => id in known).sort()
  const lines = ids.map((id) => [id, `${known[id]?.caughtIn}${SEPARATOR}${known[id]?.caughtBy}`])
  writeAtomically(CATCHING_TESTS, Object.fromEntries(lines))
  return ids.length
}

function readKept(): CatchingTests {
  try {
    const text = readFileSync(CATCHING_TESTS, 'utf8')
    const found = Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(text)))
    return Object.fromEntries(found.map(([id, test]) => [id, asTest(test)]))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new CliError({
      what: `${CATCHING_TESTS} cannot be read.`,
      where: String(error),
      next: `git checkout ${CATCHING_TESTS}`,
      exitCode: 3,
    })
  }
}

function asTest(test: string): CatchingTests[string] {
  const [caughtIn = '', ...title] = test.split(SEPARATOR)
  return { caughtIn, caughtBy: title.join(SEPARATOR) }
}
