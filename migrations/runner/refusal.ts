import { EXIT as COMMON } from '../../environment/index.ts'

export { type Facts, Refusal } from '../../environment/index.ts'

/** Exit codes of the runner, as documented in `scripts/migrate.sh --help`. */
export const EXIT = { ...COMMON, refused: 4, locked: 5 } as const
