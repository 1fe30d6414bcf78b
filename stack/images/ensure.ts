// Ensures that the engine has images: pulls the locked ones, builds stand-ins for those that cannot be pulled, and our own.
// Images that do not depend on each other are pulled and built at the same time, none of them twice.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { acquireBuildLock } from './build-lock.ts'
import { createBuildScheduler, type EnsuredImage, type EnsurePlan } from './build-scheduler.ts'
import { findLocalImage, type ImageCatalog } from './catalog.ts'
import { type LocalImages, readLocalImages } from './local-images.ts'
import { LOCK_FILE, type UpstreamImage } from './lock.ts'

/** Resolves when the engine has every named image. After a failure the others are still ensured; then its CliError is thrown. */
export async function ensureImages(names: string[], plan: EnsurePlan): Promise<EnsuredImage[]> {
  const present = presentImages(names, plan.catalog, await readLocalImages(plan.engine))
  if (present.length === names.length) return present
  using _lock = await acquireBuildLock(plan.engine.host, plan.onProgress, plan.signal)
  await removeAbandonedFolders()
  const folder = await mkdtemp(join(tmpdir(), 'hma-images-'))
  try {
    const ensure = imageEnsurer(plan, await readLocalImages(plan.engine), folder)
    const results = await Promise.allSettled(names.map(ensure))
    plan.signal.throwIfAborted()
    return imagesOrThrow(results, plan.onProgress)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Several images may fail, for one reason or for several: each reason is reported once, and the first is thrown. */
function imagesOrThrow(
  results: PromiseSettledResult<EnsuredImage>[],
  onProgress: (line: string) => void,
): EnsuredImage[] {
  const [first, ...others] = new Set(
    results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  )
  for (const other of others) onProgress(other instanceof CliError ? other.line : String(other))
  if (first !== undefined) throw first
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

function presentImages(names: string[], catalog: ImageCatalog, localImages: LocalImages): EnsuredImage[] {
  const found = names
    .map((name) => findLocalImage(catalog, localImages, name))
    .filter((image) => image !== undefined)
  return found.map((image) => ({ image, state: 'there', seconds: 0 }))
}

/** Only the holder of the build lock has a folder of this name: any other belonged to a process that was killed. */
async function removeAbandonedFolders(): Promise<void> {
  const abandoned = (await readdir(tmpdir())).filter((name) => /^hma-images-\w{6}$/.test(name))
  await Promise.all(abandoned.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })))
}

function imageEnsurer(
  plan: EnsurePlan,
  localImages: LocalImages,
  folder: string,
): (name: string) => Promise<EnsuredImage> {
  const get = createBuildScheduler({ ...plan, localImages, folder })
  const ensure = async (name: string): Promise<EnsuredImage> => {
    const own = plan.catalog.ownImage(name)
    const local = findLocalImage(plan.catalog, localImages, name)
    const alternatives = own ? [own.on((await ensure(own.base)).image)] : plan.catalog.alternatives(name)
    for (const image of local ? [local] : alternatives) {
      const result = await get(image)
      if (result !== 'unreachable') return result
    }
    const locked = plan.catalog.upstreamImage(name)
    throw locked?.instead === undefined ? standInNotAllowed(name) : notAvailable(locked)
  }
  return ensure
}

function standInNotAllowed(name: string): CliError {
  return new CliError({
    what: `${name} cannot be pulled, and HMA_IMAGES=locked allows no stand-in.`,
    where: 'the reply of its registry is printed above',
    next: `unset HMA_IMAGES, or scripts/images.sh ensure --stand-ins ${name}`,
    exitCode: EXIT.unreachable,
  })
}

/** An image without a stand-in, whatever HMA_IMAGES says. */
function notAvailable({ name, line, instead }: UpstreamImage): CliError {
  return new CliError({
    what: `${name} is not available: it cannot be pulled, and has no stand-in.`,
    where: 'the reply of its registry is printed above',
    next: `${instead}; or a mirror in ${LOCK_FILE}:${line}.`,
    exitCode: EXIT.unreachable,
  })
}
