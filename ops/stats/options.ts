// What the three programs of this folder take on their command lines.
import { flag, type Grammar, numberBetween, type OptionsOf, readOptions } from '../../config/command-line.ts'

const COMMON = {
  '--json': flag,
  /** Seconds between two rounds; without it there is one round. */
  '--watch <seconds>': numberBetween(1, 3600, 'seconds').optional(),
  /** Seconds that a round may take. */
  '--timeout <seconds>': numberBetween(1, 60, 'seconds').default(10),
}

/** Throws CliError (exit 2) that names the word or value at fault. */
export function readStatsOptions<G extends Grammar>(words: string[], script: string, own: G) {
  return readOptions(words, `scripts/${script}.sh --help`, { ...COMMON, ...own }) as OptionsOf<
    typeof COMMON
  > &
    OptionsOf<G>
}
