// Which images may be used: a person's choice, one for building them and for running them alike.
import { CliError } from '../../config/cli-error.ts'

export type ImageMode = 'auto' | 'locked' | 'stand-ins'

const MODES: readonly ImageMode[] = ['auto', 'locked', 'stand-ins']

/** What HMA_IMAGES says; `auto` without it. Throws CliError (2) when it says anything else. */
export function imageMode(environment: NodeJS.ProcessEnv = process.env): ImageMode {
  const value = environment.HMA_IMAGES || 'auto'
  const mode = MODES.find((known) => known === value)
  if (mode !== undefined) return mode
  throw new CliError({
    what: `HMA_IMAGES says "${value}", which is no way to have images.`,
    where: 'the environment of this process',
    next: `unset it, or use one of: ${MODES.join(', ')}.`,
    exitCode: 2,
  })
}
