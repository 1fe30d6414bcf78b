// Which images the engine has: one question, answered for all of them.
import { z } from 'zod'
import type { Engine } from '../engine/find.ts'

export interface Shelf {
  has(reference: string): boolean
}

// Podman and older engines say null where there is none.
const list = z.array(
  z.object({ RepoTags: z.array(z.string()).nullish(), RepoDigests: z.array(z.string()).nullish() }),
)

/** One call to the engine. */
export async function readShelf(engine: Engine): Promise<Shelf> {
  const images = list.parse(await engine.get('/images/json'))
  const names = new Set(
    images.flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]).map(short),
  )
  return { has: (reference) => names.has(short(reference)) }
}

/** An engine leaves out Docker Hub's name, or does not, and keeps no tag beside a digest. */
function short(reference: string): string {
  return reference.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:[^:@/]+@/, '@')
}
