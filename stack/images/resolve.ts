// Finds the image behind a name on this engine. Getting a missing one is the task of scripts/images.sh.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { findLocalImage, type Origin } from './catalog.ts'
import { imageMode } from './mode.ts'
import { readImageContext } from './status.ts'

export interface ResolvedImage {
  name: string
  /** A locked digest, or a tag that is the hash of the build's inputs. */
  reference: string
  origin: Origin
}

const resolved = new Map<string, Promise<ResolvedImage>>()

/**
 * The best alternative that the engine has, looked up once per name and process. Throws CliError: 3 when it is missing, 2 when
 * the name is unknown or HMA_IMAGES or docker/images.lock is malformed.
 */
export function resolveImage(name: string): Promise<ResolvedImage> {
  const image = resolved.get(name) ?? findOnEngine(name)
  resolved.set(name, image)
  // In watch mode a missing image may be built meanwhile.
  image.catch(() => resolved.delete(name))
  return image
}

async function findOnEngine(name: string): Promise<ResolvedImage> {
  const { catalog, localImages } = await readImageContext()
  const image = findLocalImage(catalog, localImages, name)
  if (image === undefined) throw imageMissing(name)
  return { name, reference: image.reference, origin: image.origin }
}

function imageMissing(name: string): CliError {
  return new CliError({
    what: `The engine does not have the image ${name}.`,
    where: `HMA_IMAGES=${imageMode()}`,
    next: `scripts/images.sh ensure ${name}`,
    exitCode: EXIT.unreachable,
  })
}
