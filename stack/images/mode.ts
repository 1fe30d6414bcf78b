// HMA_IMAGES: which alternatives of an image may be used, for ensuring images and for running them.
import { CliError, EXIT } from '../../config/cli-error.ts'

export type ImageMode = 'auto' | 'locked' | 'stand-ins'

const MODES: readonly ImageMode[] = ['auto', 'locked', 'stand-ins']

/** The value of HMA_IMAGES; `auto` without one. Throws CliError (2) for an unknown value. */
export function imageMode(environment: NodeJS.ProcessEnv = process.env): ImageMode {
  const value = environment.HMA_IMAGES || 'auto'
  const mode = MODES.find((known) => known === value)
  if (mode !== undefined) return mode
  throw new CliError({
    what: `HMA_IMAGES is "${value}", which is not a mode.`,
    where: 'the environment',
    next: `unset it, or use one of: ${MODES.join(', ')}.`,
    exitCode: EXIT.usage,
  })
}
