// What every check is given: the project, the machine, the engine as far as there is one, and the command line's options.
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError } from '../../config/cli-error.ts'
import { type ComposeContainer, listContainers } from '../../config/compose-containers.ts'
import { once } from '../../config/once.ts'
import { ROOT } from '../../config/root.ts'
import { readVariables } from '../../config/stack-settings.ts'
import { readProjectFile } from '../../config/text-file.ts'
import type { Variant } from '../../config/variables.ts'
import { type Docker, inspectDocker } from './docker.ts'
import { type Machine, thisMachine } from './machine.ts'
import { type MissingImages, missingImages } from './missing-images.ts'

export interface DoctorOptions {
  variant: Variant
  /** GiB that must be free; undefined: decided by whether images are still missing. */
  needDiskGib?: number | undefined
  /** What the set-up is about to install or write is no defect then. */
  beforeSetup: boolean
}

export interface DoctorContext extends DoctorOptions {
  root: string
  machine: Machine
  /** .env.example, overridden by .env, overridden by the process: the order that compose uses. */
  variables: Record<string, string | undefined>
  /** The engine, or why there is none. Asked once, by the first check that needs it. */
  docker: () => Promise<Docker | CliError>
  /** Every container of the engine; none where there is no engine. Asked once. */
  containers: () => Promise<ComposeContainer[]>
  /** Asked once. */
  missing: () => Promise<MissingImages>
  /** Name of the compose project of this variant. */
  project: string
}

export function readContext(options: DoctorOptions): DoctorContext {
  const docker = once(inspectDocker)
  const withEngine = <T>(ask: () => Promise<T>, otherwise: T) =>
    once(async () => ((await docker()) instanceof CliError ? otherwise : ask()))
  const variables = withDefaults(ROOT)
  return {
    ...options,
    root: ROOT,
    machine: thisMachine(),
    variables,
    docker,
    containers: withEngine(() => listContainers(), []),
    missing: withEngine(() => missingImages(ROOT), undefined),
    project: projectName(variables, options.variant),
  }
}

function withDefaults(root: string): DoctorContext['variables'] {
  const example = unlessUnusable(() => parseEnv(readProjectFile(join(root, '.env.example'))), {})
  return { ...example, ...unlessUnusable(() => readVariables(process.env, root), process.env) }
}

/** The check of the settings reports what is wrong with .env and .env.example. */
function unlessUnusable<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof CliError) return otherwise
    throw error
  }
}

/** As config/stack-settings.ts names it, which refuses to where another variable is wrong. */
function projectName({ HMA_PROJECT }: DoctorContext['variables'], variant: Variant): string {
  const name = HMA_PROJECT || 'hma'
  return variant === 'dev' ? name : `${name}-${variant}`
}
