// The command line behind scripts/images.sh: tells which images there are, or makes them be there.
import { parseArgs } from 'node:util'
import { CliError } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { findEngine } from '../engine/find.ts'
import { findLocalImage, type ImageCatalog, readCatalog } from './catalog.ts'
import { ensureImages } from './ensure.ts'
import { imageReferences, writeImagesEnv } from './images-env.ts'
import { type LocalImages, readLocalImages } from './local-images.ts'
import { type ImageMode, imageMode } from './mode.ts'

interface Asked {
  act: 'status' | 'ensure' | 'env'
  mode: ImageMode
  json: boolean
  names: string[]
}

const stopped = new AbortController()
// Not `once`: a listener that is gone again after the signal makes execa's own end the process before anything is put away.
process.on('SIGINT', () => stop(130))
process.on('SIGTERM', () => stop(143))

try {
  process.exitCode = await main(readArguments(process.argv.slice(2)))
} catch (error) {
  if (!stopped.signal.aborted) process.exitCode = report(error)
}

/** Takes back what is under way: no half image, no folder. The reason of the end becomes the exit code. */
function stop(exitCode: number): void {
  process.exitCode = exitCode
  stopped.abort()
}

async function main(asked: Asked): Promise<number> {
  const engine = await findEngine()
  const catalog = readCatalog(ROOT, asked.mode, engine.architecture)
  if (asked.act === 'env') return printReferences(catalog, await readLocalImages(engine), asked)
  const names = asked.names.length === 0 ? catalog.names : asked.names
  for (const name of names) catalog.alternatives(name)
  if (asked.act === 'status') return printStatus(names, catalog, await readLocalImages(engine), asked)
  const onProgress = (line: string) => process.stderr.write(`  ${line}\n`)
  const images = await ensureImages(names, { engine, catalog, onProgress, signal: stopped.signal })
  const made = images.map(({ image: { name, reference, origin }, state, seconds }) => ({
    ...{ name, reference, origin, state, seconds },
  }))
  if (asked.json) print({ mode: asked.mode, images: made })
  else
    for (const { name, origin, state } of made) if (state === 'there') onProgress(`${name}: ${origin}, there`)
  return 0
}

function printStatus(
  names: string[],
  catalog: ImageCatalog,
  localImages: LocalImages,
  { mode, json }: Asked,
): number {
  const images = names.map((name) => {
    const there = findLocalImage(catalog, localImages, name)
    return { name, origin: there?.origin ?? null, reference: there?.reference ?? null }
  })
  if (json) print({ mode, images })
  else for (const { name, origin, reference } of images) console.log(row(name, origin, reference))
  return images.every(({ origin }) => origin !== null) ? 0 : 3
}

/** What is not there is said: whoever starts it next learns why it cannot be. */
function printReferences(catalog: ImageCatalog, localImages: LocalImages, { mode, json }: Asked): number {
  const images = imageReferences(catalog, localImages)
  writeImagesEnv(ROOT, images)
  if (json) print({ mode, images })
  else
    for (const { name } of images.filter(({ there }) => !there))
      process.stderr.write(
        `images.sh: ${name} is not on this engine. Next: scripts/images.sh ensure ${name}\n`,
      )
  return 0
}

function row(name: string, origin: string | null, reference: string | null): string {
  return `${name.padEnd(16)}${(origin ?? 'missing').padEnd(19)}${reference ?? 'Next: scripts/images.sh ensure'}`
}

function print(answer: unknown): void {
  console.log(JSON.stringify(answer, null, 2))
}

function readArguments(words: string[]): Asked {
  const options = { 'stand-ins': { type: 'boolean' }, json: { type: 'boolean' } } as const
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
    const [act, ...names] = positionals
    if (act !== 'status' && act !== 'ensure' && act !== 'env')
      throw new Error(`"${act ?? ''}" is none of status, ensure and env`)
    return { act, mode: values['stand-ins'] ? 'stand-ins' : imageMode(), json: values.json ?? false, names }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw wrongUse((error as Error).message)
  }
}

function wrongUse(why: string): CliError {
  const what = why.split('. ')[0] ?? why
  return new CliError({
    what: `${what}.`,
    where: 'the command line',
    next: 'scripts/images.sh --help',
    exitCode: 2,
  })
}

function report(thrown: unknown): number {
  const error = thrown instanceof CliError ? thrown : systemTrouble(thrown)
  const lines = error.what.includes('\n') ? error.message : error.line
  process.stderr.write(`images.sh: ${lines}\n`)
  return error.exitCode
}

/** What the machine refused (a full disk, an engine that went away). Anything else is a fault of ours and keeps its stack. */
function systemTrouble(error: unknown): CliError {
  const { code, message } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') throw error
  return new CliError({ what: message, where: code, next: 'scripts/engine.sh --check', exitCode: 3 })
}
