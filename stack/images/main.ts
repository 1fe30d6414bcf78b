// scripts/images.sh: prints which images the engine has, gets the missing ones, or writes their references for compose.
import { z } from 'zod'
import { CliError, EXIT, withNext } from '../../config/cli-error.ts'
import { type CommandOf, flag, readCommand } from '../../config/command-line.ts'
import { runProgram, warn } from '../../config/program.ts'
import { imageMode } from './mode.ts'
import { type ImageContext, imageStatus, readImageContext, updateImagesEnv } from './status.ts'

const SWITCHES = { '--stand-ins': flag, '--json': flag }
const WHICH = { '--profile <name...>': z.array(z.string()).default([]), '[names...]': z.array(z.string()) }
const COMMANDS = {
  status: { ...SWITCHES, ...WHICH },
  ensure: { ...SWITCHES, ...WHICH },
  env: SWITCHES,
}
type Options = CommandOf<typeof COMMANDS>

const stopped = new AbortController()
// Not `once`: without a listener, execa ends the process at the second signal, before the clean-up is done.
process.on('SIGINT', () => stop(130))
process.on('SIGTERM', () => stop(143))

await runProgram('images.sh', async (words) => {
  try {
    return await main(readCommand(words, 'scripts/images.sh --help', COMMANDS))
  } catch (error) {
    if (stopped.signal.aborted) return Number(process.exitCode)
    throw isSystemError(error) ? systemError(error) : error
  }
})

/** Cancels the work, which removes what is half made. */
function stop(exitCode: number): void {
  process.exitCode = exitCode
  stopped.abort()
}

async function main(options: Options): Promise<number> {
  const mode = options.standIns ? 'stand-ins' : imageMode()
  const context = await readImageContext(mode)
  const printJson = (images: unknown[]) => console.log(JSON.stringify({ mode, images }, null, 2))
  if (options.command === 'env') {
    const references = await updateImagesEnv(context)
    const needed = new Set(context.catalog.namesFor())
    if (options.json) printJson(references)
    else for (const { name, there } of references) if (!there && needed.has(name)) warnMissing(name)
    return 0
  }
  const names = options.names.length === 0 ? context.catalog.namesFor(options.profile) : options.names
  for (const name of names) context.catalog.alternatives(name)
  if (options.command === 'ensure') return ensure(names, context, options.json ? printJson : undefined)
  const images = await imageStatus(context, names)
  if (options.json) printJson(images)
  else for (const { name, origin, reference } of images) console.log(row(name, origin, reference))
  return images.every(({ origin }) => origin !== null) ? 0 : EXIT.unreachable
}

async function ensure(
  names: string[],
  { engine, catalog }: ImageContext,
  printJson: ((images: unknown[]) => void) | undefined,
): Promise<number> {
  // Loaded only now: `env` and `status` start no other program.
  const { ensureImages } = await import('./ensure.ts')
  const onProgress = (line: string) => process.stderr.write(`  ${line}\n`)
  const images = await ensureImages(names, { engine, catalog, onProgress, signal: stopped.signal })
  printJson?.(
    images.map(({ image: { name, reference, origin }, state, seconds }) => ({
      ...{ name, reference, origin, state, seconds },
    })),
  )
  if (printJson === undefined)
    for (const { image, state } of images)
      if (state === 'there') onProgress(`${image.name}: ${image.origin}, there`)
  return 0
}

function warnMissing(name: string): void {
  warn('images.sh', `${name} is not on this engine.`, `scripts/images.sh ensure ${name}`)
}

function row(name: string, origin: string | null, reference: string | null): string {
  const state = `${name.padEnd(17)} ${(origin ?? 'missing').padEnd(18)}`
  return reference === null ? withNext(state, 'scripts/images.sh ensure') : `${state} ${reference}`
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string'
}

/** A full disk, an engine that went away: the machine's, and no defect of this program. */
function systemError({ message, code }: NodeJS.ErrnoException): CliError {
  const next = 'scripts/engine.sh --check'
  return new CliError({ what: `${message}.`, where: code, next, exitCode: EXIT.unreachable })
}
