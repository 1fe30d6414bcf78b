// Which images the engine has, from one request for all of them.
import { z } from 'zod'
import type { Engine } from '../engine/find.ts'

export interface LocalImages {
  has(reference: string): boolean
}

// Podman and older engines return null for an empty list.
const imageList = z.array(
  z.object({ RepoTags: z.array(z.string()).nullish(), RepoDigests: z.array(z.string()).nullish() }),
)

export async function readLocalImages(engine: Engine): Promise<LocalImages> {
  const images = imageList.parse(await engine.getJson('/images/json'))
  const names = new Set(
    images
      .flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])])
      .map(shortReference),
  )
  return { has: (reference) => names.has(shortReference(reference)) }
}

/** Some engines leave out Docker Hub's name, and none stores a tag beside a digest. */
function shortReference(reference: string): string {
  return reference.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:[^:@/]+@/, '@')
}
