// What the engine has of each image. Programs of this project call these functions; scripts/images.sh is for people.
import { ROOT } from '../../config/root.ts'
import { type Engine, findEngine } from '../engine/find.ts'
import { findLocalImage, type ImageCatalog, type Origin, readCatalog } from './catalog.ts'
import { imageReferences, writeImagesEnv } from './images-env.ts'
import { type LocalImages, readLocalImages } from './local-images.ts'
import { imageMode } from './mode.ts'

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
export async function readImageContext(): Promise<ImageContext> {
  const mode = imageMode()
  const engine = await findEngine()
  const catalog = readCatalog(ROOT, mode, engine.architecture)
  return { engine, catalog, localImages: await readLocalImages(engine) }
}

export async function imageStatus(context?: ImageContext): Promise<ImageStatus[]> {
  const { catalog, localImages } = context ?? (await readImageContext())
  return catalog.names.map((name) => {
    const image = findLocalImage(catalog, localImages, name)
    return { name, origin: image?.origin ?? null, reference: image?.reference ?? null }
  })
}

/** Writes .hma/images.env, by which compose names its images. Returns the names of those that the engine lacks. */
export async function updateImagesEnv(): Promise<string[]> {
  const { catalog, localImages } = await readImageContext()
  const references = imageReferences(catalog, localImages)
  writeImagesEnv(ROOT, references)
  return references.filter(({ there }) => !there).map(({ name }) => name)
}
