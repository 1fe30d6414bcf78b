// The lines of .env by which compose knows the images: a variable for each, with the reference that the engine has.
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { readDotenv } from '../../config/dotenv.ts'
import { imageVariables } from '../../config/image-variables.ts'
import { readTextFile } from '../../config/text-file.ts'
import { findLocalImage, type ImageCatalog } from './catalog.ts'
import type { LocalImages } from './local-images.ts'

const HEAD =
  '# The images on this engine, written by scripts/images.sh from docker/images.lock. Not to be edited.'
const IMAGE_LINE = /^HMA_IMAGE_[A-Z0-9_]+=/

export interface ImageReference {
  name: string
  variable: string
  reference: string
  /** Whether the engine has it. */
  there: boolean
}

/** A missing image has the reference of its best alternative. */
export function imageReferences(catalog: ImageCatalog, localImages: LocalImages): ImageReference[] {
  return catalog.names.flatMap((name) => {
    const local = findLocalImage(catalog, localImages, name)
    const image = local ?? catalog.alternatives(name)[0]
    if (image === undefined) return []
    return [{ name, variable: variableOf(name), reference: image.reference, there: local !== undefined }]
  })
}

/** Replaces the lines about images at the end of .env, and leaves all others as they are. A file that stays the same is not written. */
export function writeImagesEnv(root: string, references: ImageReference[]): void {
  const file = join(root, '.env')
  const written = readTextFile(file, 'correct or remove it.') ?? ''
  const others = written
    .split('\n')
    .filter((line) => line !== HEAD && !IMAGE_LINE.test(line))
    .join('\n')
    .trimEnd()
  const lines = references.map(({ variable, reference }) => `${variable}=${reference}\n`)
  const text = `${others}${others === '' ? '' : '\n\n'}${HEAD}\n${lines.join('')}`
  if (text !== written) writeFileAtomic.sync(file, text, { mode: 0o600 })
}

/** Whether every image of the compose files has its line in .env. */
export function hasImagesEnv(root: string): boolean {
  const written = readDotenv(root)
  return imageVariables(root).every((variable) => written[variable])
}

function variableOf(name: string): string {
  return `HMA_IMAGE_${name.toUpperCase().replaceAll('-', '_')}`
}
