// Gets one image onto the engine: the first who asks for it does the work, and everybody else waits for that.
import { join } from 'node:path'
import { buildImage, importImage } from './build.ts'
import type { Candidate } from './catalog.ts'
import type { EnsurePlan } from './ensure.ts'
import { openRegistries } from './pull.ts'
import type { Shelf } from './shelf.ts'

export interface Made {
  image: Candidate
  /** What had to be done for it, and how long that took. */
  state: 'there' | 'pulled' | 'built'
  seconds: number
}

/** Gets an image, and what it is built on, or tells that its registry cannot be reached. Throws CliError otherwise. */
export type Workshop = (image: Candidate) => Promise<Made | 'unreachable'>

type WorkshopPlan = EnsurePlan & { shelf: Shelf; folder: string }

export function openWorkshop(plan: WorkshopPlan): Workshop {
  const work = worker(plan)
  const make = async (image: Candidate): Promise<Made | 'unreachable'> => {
    if (plan.shelf.has(image.reference)) return { image, state: 'there', seconds: 0 }
    if (image.source.kind === 'build') await get(image.source.base)
    const began = performance.now()
    const state = await work(image)
    if (state === 'unreachable') return state
    const seconds = Math.round((performance.now() - began) / 1000)
    plan.say(`${image.name}: ${image.origin} ${state === 'pulled' ? 'pulled ' : ''}in ${seconds} s`)
    return { image, state, seconds }
  }
  const making = new Map<string, Promise<Made | 'unreachable'>>()
  const get: Workshop = (image) => {
    const made = making.get(image.reference) ?? make(image)
    making.set(image.reference, made)
    return made
  }
  return get
}

function worker({ catalog, engine, folder, say, signal }: WorkshopPlan) {
  const pull = openRegistries(say)
  return async (image: Candidate): Promise<'pulled' | 'built' | 'unreachable'> => {
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
