// Makes images be there: takes what the engine has, pulls what is locked, builds what cannot be pulled. What does not stand
// on something else goes side by side, and nothing is made twice.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CliError } from '../../config/cli-error.ts'
import type { Engine } from '../engine/find.ts'
import { acquireBuildLock } from './build-lock.ts'
import { createBuildScheduler, type EnsuredImage } from './build-scheduler.ts'
import { findLocalImage, type ImageCatalog } from './catalog.ts'
import { type LocalImages, readLocalImages } from './local-images.ts'

export interface EnsurePlan {
  engine: Engine
  catalog: ImageCatalog
  onProgress: (line: string) => void
  signal: AbortSignal
}

/** Resolves when every named image is on the engine. When one cannot be had the others still are; then its Trouble is thrown. */
export async function ensureImages(names: string[], plan: EnsurePlan): Promise<EnsuredImage[]> {
  const there = presentImages(names, plan.catalog, await readLocalImages(plan.engine))
  if (there.length === names.length) return there
  using _claim = await acquireBuildLock(plan.engine.host, plan.onProgress, plan.signal)
  await removeAbandonedFolders()
  const folder = await mkdtemp(join(tmpdir(), 'hma-images-'))
  try {
    const obtain = createObtain(plan, await readLocalImages(plan.engine), folder)
    const results = await Promise.allSettled(names.map(obtain))
    plan.signal.throwIfAborted()
    return imagesOrThrow(results, plan.onProgress)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Several images may fail for one reason, or each for its own: all are said, the first is thrown. */
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

/** Only the holder of the claim has a folder of this name: any other belonged to a process that was killed. */
async function removeAbandonedFolders(): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => /^hma-images-\w{6}$/.test(name))
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })))
}

function createObtain(
  plan: EnsurePlan,
  localImages: LocalImages,
  folder: string,
): (name: string) => Promise<EnsuredImage> {
  const get = createBuildScheduler({ ...plan, localImages, folder })
  const obtain = async (name: string): Promise<EnsuredImage> => {
    const ours = plan.catalog.ownImage(name)
    const there = findLocalImage(plan.catalog, localImages, name)
    const ways = ours ? [ours.on((await obtain(ours.base)).image)] : plan.catalog.alternatives(name)
    for (const image of there ? [there] : ways) {
      const made = await get(image)
      if (made !== 'unreachable') return made
    }
    throw standInNotAllowed(name)
  }
  return obtain
}

function standInNotAllowed(name: string): CliError {
  return new CliError({
    what: `${name} cannot be pulled, and HMA_IMAGES=locked allows no stand-in.`,
    where: 'what its registry said stands above',
    next: `unset HMA_IMAGES, or scripts/images.sh ensure --stand-ins ${name}`,
    exitCode: 3,
  })
}
