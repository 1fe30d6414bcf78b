// Pulls or builds each image at most once: the first request does the work, later requests wait for its result.
import { join } from 'node:path'
import type { Engine } from '../engine/find.ts'
import { buildImage, importImage } from './build.ts'
import type { Image, ImageCatalog } from './catalog.ts'
import type { LocalImages } from './local-images.ts'
import { createPuller } from './pull.ts'

export interface EnsurePlan {
  engine: Engine
  catalog: ImageCatalog
  onProgress: (line: string) => void
  signal: AbortSignal
}

export interface EnsuredImage {
  image: Image
  /** `there`: the engine had it already. */
  state: 'there' | 'pulled' | 'built'
  seconds: number
}

/** Ensures an image and its base; `unreachable` where its registry cannot be reached. Throws CliError for any other failure. */
export type BuildScheduler = (image: Image) => Promise<EnsuredImage | 'unreachable'>

type SchedulerPlan = EnsurePlan & { localImages: LocalImages; folder: string }

export function createBuildScheduler(plan: SchedulerPlan): BuildScheduler {
  const pullOrBuild = pullerAndBuilder(plan)
  const ensure = async (image: Image): Promise<EnsuredImage | 'unreachable'> => {
    if (plan.localImages.has(image.reference)) return { image, state: 'there', seconds: 0 }
    if (image.source.kind === 'build') await get(image.source.base)
    const startedAt = performance.now()
    const state = await pullOrBuild(image)
    if (state === 'unreachable') return state
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    plan.onProgress(`${image.name}: ${image.origin} ${state === 'pulled' ? 'pulled ' : ''}in ${seconds} s`)
    return { image, state, seconds }
  }
  const started = new Map<string, Promise<EnsuredImage | 'unreachable'>>()
  const get: BuildScheduler = (image) => {
    const result = started.get(image.reference) ?? ensure(image)
    started.set(image.reference, result)
    return result
  }
  return get
}

function pullerAndBuilder({ catalog, engine, folder, onProgress, signal }: SchedulerPlan) {
  const pull = createPuller(onProgress)
  return async (image: Image): Promise<'pulled' | 'built' | 'unreachable'> => {
    const { name, source } = image
    const log = join(folder, `${name}.log`)
    if (source.kind === 'pull') {
      return (await pull(source.locked, { log, signal })) === undefined ? 'pulled' : 'unreachable'
    }
    const { architecture } = engine
    const build = { root: catalog.root, folder: join(folder, name), log, architecture, onProgress, signal }
    if (source.kind === 'build') await buildImage(image, source, build)
    else await importImage(image, source.script, build)
    return 'built'
  }
}
