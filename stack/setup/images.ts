// The step that pulls or builds the images that the engine lacks.
import { CliError } from '../../config/cli-error.ts'
import { ensureImages } from '../images/ensure.ts'
import { type ImageContext, imageStatus, readImageContext, updateImagesEnv } from '../images/status.ts'
import { outOfTime } from '../run-command.ts'
import { MINUTE_MS, profilesOf, type SetupOptions, type StepResult } from './options.ts'

const WITHIN_MS = 40 * MINUTE_MS

export async function provideImages(options: SetupOptions): Promise<StepResult> {
  const context = await readImageContext()
  const names = context.catalog.namesFor(profilesOf(options))
  const isMissing = (await imageStatus(context, names)).some(({ origin }) => origin === null)
  if (isMissing) await ensureAll(names, context)
  await updateImagesEnv()
  return { changed: isMissing, what: isMissing ? 'pulled or built' : 'all there' }
}

/** A signal or the limit of time stops the build, which then removes what is incomplete. */
async function ensureAll(names: string[], { engine, catalog }: ImageContext): Promise<void> {
  const stop = new AbortController()
  const interrupt = (name: NodeJS.Signals) => stop.abort(interrupted(name))
  const timer = setTimeout(() => stop.abort(outOfTime('scripts/images.sh ensure', WITHIN_MS)), WITHIN_MS)
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    const onProgress = (line: string) => process.stderr.write(`  ${line}\n`)
    await ensureImages(names, { engine, catalog, onProgress, signal: stop.signal })
  } catch (error) {
    stop.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function interrupted(signal: NodeJS.Signals): CliError {
  return new CliError({
    what: `Interrupted by ${signal}.`,
    next: 'run this again; it continues where it stopped.',
    exitCode: signal === 'SIGINT' ? 130 : 143,
  })
}
