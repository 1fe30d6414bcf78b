// The door of the image room: which image stands behind a name, as far as this engine has it. Getting images is the
// business of scripts/images.sh; a run only asks what is there.
import { CliError } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { findEngine } from '../engine/find.ts'
import { findLocalImage, type ImageCatalog, type Origin, readCatalog } from './catalog.ts'
import { type LocalImages, readLocalImages } from './local-images.ts'
import { imageMode } from './mode.ts'

export interface ResolvedImage {
  name: string
  /** What the engine knows it by: a locked digest, or a tag that is the hash of what was built. */
  reference: string
  origin: Origin
}

const resolved = new Map<string, Promise<ResolvedImage>>()

/**
 * The best image the engine has for a name of docker/images.lock or of an image of our own. Asked once per name and process.
 * Throws CliError: 3 when it is not there yet, 2 when nothing has that name or HMA_IMAGES or the lock file is malformed.
 */
export function resolveImage(name: string): Promise<ResolvedImage> {
  const image = resolved.get(name) ?? findOnEngine(name)
  resolved.set(name, image)
  // A miss is asked again: somebody may run scripts/images.sh meanwhile, in watch mode.
  image.catch(() => resolved.delete(name))
  return image
}

async function findOnEngine(name: string): Promise<ResolvedImage> {
  const engine = await findEngine()
  return pick(readCatalog(ROOT, imageMode(), engine.architecture), await readLocalImages(engine), name)
}

function pick(catalog: ImageCatalog, localImages: LocalImages, name: string): ResolvedImage {
  const there = findLocalImage(catalog, localImages, name)
  if (there === undefined) throw imageMissing(name)
  return { name, reference: there.reference, origin: there.origin }
}

function imageMissing(name: string): CliError {
  return new CliError({
    what: `The image ${name} is not on this engine.`,
    where: `HMA_IMAGES=${imageMode()}`,
    next: `scripts/images.sh ensure ${name}`,
    exitCode: 3,
  })
}
