// What the engine has of each image. Programs of this project call these functions; scripts/images.sh is for people.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { type Engine, findEngine } from '../engine/find.ts'
import { findLocalImage, type ImageCatalog, type Origin, readCatalog } from './catalog.ts'
import { type ImageReference, imageReferences, writeImagesEnv } from './images-env.ts'
import { type LocalImages, readLocalImages } from './local-images.ts'
import { type ImageMode, imageMode } from './mode.ts'

export interface ImageStatus {
  name: string
  /** Origin and reference are null where the engine does not have the image. */
  origin: Origin | null
  reference: string | null
}

/** What is looked up once and then passed on. */
export interface ImageContext {
  engine: Engine
  catalog: ImageCatalog
  localImages: LocalImages
}

/** Throws CliError: 3 without an engine, 2 when docker/images.lock or HMA_IMAGES is malformed. */
export async function readImageContext(mode: ImageMode = imageMode()): Promise<ImageContext> {
  const engine = await findEngine()
  const catalog = readCatalog(ROOT, mode, engine.architecture)
  return { engine, catalog, localImages: await readLocalImages(engine) }
}

/** Of the images that are needed without a profile, or of those named. Throws CliError (2) for an unknown name. */
export async function imageStatus(context?: ImageContext, names?: string[]): Promise<ImageStatus[]> {
  const { catalog, localImages } = context ?? (await readImageContext())
  return (names ?? catalog.namesFor()).map((name) => {
    const image = findLocalImage(catalog, localImages, name)
    return { name, origin: image?.origin ?? null, reference: image?.reference ?? null }
  })
}

/** Throws CliError (3) that names the missing images. About 50 ms when none is missing. */
export async function requireImages(): Promise<void> {
  const missing = (await imageStatus()).filter(({ origin }) => origin === null).map(({ name }) => name)
  if (missing.length === 0) return
  throw new CliError({
    what: `The engine does not have these images as this source tree builds them: ${missing.join(', ')}.`,
    next: 'scripts/images.sh ensure',
    exitCode: EXIT.unreachable,
  })
}

/** Writes the lines of .env by which compose names its images. */
export async function updateImagesEnv(context?: ImageContext): Promise<ImageReference[]> {
  const { catalog, localImages } = context ?? (await readImageContext())
  const references = imageReferences(catalog, localImages)
  writeImagesEnv(ROOT, references)
  return references
}
