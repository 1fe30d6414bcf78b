// The images that are the project's own, as docker/own-images.yaml names them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { CliError, lineOf } from '../../config/cli-error.ts'

const FILE = 'docker/own-images.yaml'

const Images = z.record(
  z.string(),
  z.strictObject({
    dockerfile: z.string(),
    /** Name in docker/images.lock, handed to the Dockerfile as BASE. */
    base: z.string(),
    /** Folder the Dockerfile copies from. */
    context: z.string(),
    /** All it may copy, from that folder. */
    inputs: z.array(z.string()),
  }),
)

export type OwnImage = z.infer<typeof Images>[string] & { name: string }

/** In the order in which they are built; none where there is no such file. Throws CliError (exit 2) for one that is malformed. */
export function readOwnImages(root: string): OwnImage[] {
  const path = join(root, FILE)
  if (!existsSync(path)) return []
  try {
    const images = Images.parse(parse(readFileSync(path, 'utf8')))
    return Object.entries(images).map(([name, image]) => ({ name, ...image }))
  } catch (error) {
    throw malformed(error)
  }
}

function malformed(error: unknown): CliError {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined
  return new CliError({
    what: `${FILE} is malformed: ${issue ? `${issue.path.join('.')}: ${issue.message}` : lineOf(error)}.`,
    where: FILE,
    next: 'mend it; each image has dockerfile, base, context and inputs.',
    exitCode: 2,
  })
}
