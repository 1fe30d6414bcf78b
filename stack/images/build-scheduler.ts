// Gets one image onto the engine: the first who asks for it does the work, and everybody else waits for that.
import { join } from 'node:path'
import { buildImage, importImage } from './build.ts'
import type { Image } from './catalog.ts'
import type { EnsurePlan } from './ensure.ts'
import type { LocalImages } from './local-images.ts'
import { createPuller } from './pull.ts'

export interface EnsuredImage {
  image: Image
  /** What had to be done for it, and how long that took. */
  state: 'there' | 'pulled' | 'built'
  seconds: number
}

/** Gets an image, and what it is built on, or tells that its registry cannot be reached. Throws CliError otherwise. */
export type BuildScheduler = (image: Image) => Promise<EnsuredImage | 'unreachable'>

type SchedulerPlan = EnsurePlan & { localImages: LocalImages; folder: string }

export function createBuildScheduler(plan: SchedulerPlan): BuildScheduler {
  const work = obtainFor(plan)
  const make = async (image: Image): Promise<EnsuredImage | 'unreachable'> => {
    if (plan.localImages.has(image.reference)) return { image, state: 'there', seconds: 0 }
    if (image.source.kind === 'build') await get(image.source.base)
    const began = performance.now()
    const state = await work(image)
    if (state === 'unreachable') return state
    const seconds = Math.round((performance.now() - began) / 1000)
    plan.onProgress(`${image.name}: ${image.origin} ${state === 'pulled' ? 'pulled ' : ''}in ${seconds} s`)
    return { image, state, seconds }
  }
  const started = new Map<string, Promise<EnsuredImage | 'unreachable'>>()
  const get: BuildScheduler = (image) => {
    const made = started.get(image.reference) ?? make(image)
    started.set(image.reference, made)
    return made
  }
  return get
}

function obtainFor({ catalog, engine, folder, onProgress, signal }: SchedulerPlan) {
  const pull = createPuller(onProgress)
  return async (image: Image): Promise<'pulled' | 'built' | 'unreachable'> => {
    const { name, source } = image
    const log = join(folder, `${name}.log`)
    if (source.kind === 'pull') {
      return (await pull(source.locked, { log, signal })) === undefined ? 'pulled' : 'unreachable'
    }
    const { architecture } = engine
    const build = { root: catalog.root, folder: join(folder, name), log, architecture, signal }
    if (source.kind === 'build') await buildImage(image, source, build)
    else await importImage(image, source.script, build)
    return 'built'
  }
}
