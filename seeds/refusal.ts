import { EXIT as COMMON } from '../environment/index.ts'

export { Refusal } from '../environment/index.ts'

/** Exit codes of the loader, as documented in `scripts/seed.sh --help`. */
export const EXIT = { ...COMMON, refused: 4 } as const
