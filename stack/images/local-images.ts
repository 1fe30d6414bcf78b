// Which images the engine has: one question, answered for all of them.
import { z } from 'zod'
import type { Engine } from '../engine/find.ts'

export interface LocalImages {
  has(reference: string): boolean
}

// Podman and older engines say null where there is none.
const imageList = z.array(
  z.object({ RepoTags: z.array(z.string()).nullish(), RepoDigests: z.array(z.string()).nullish() }),
)

/** One call to the engine. */
export async function readLocalImages(engine: Engine): Promise<LocalImages> {
  const images = imageList.parse(await engine.getJson('/images/json'))
  const names = new Set(
    images
      .flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])])
      .map(shortReference),
  )
  return { has: (reference) => names.has(shortReference(reference)) }
}

/** An engine leaves out Docker Hub's name, or does not, and keeps no tag beside a digest. */
function shortReference(reference: string): string {
  return reference.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:[^:@/]+@/, '@')
}
