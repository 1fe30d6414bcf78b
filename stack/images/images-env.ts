// .hma/images.env, the file by which compose knows the images: a variable for each, with the reference that the engine has.
import { join } from 'node:path'
import { writeAtomically } from '../../config/atomic-file.ts'
import { findLocalImage, type ImageCatalog } from './catalog.ts'
import type { LocalImages } from './local-images.ts'

export const IMAGES_ENV = '.hma/images.env'

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

export function writeImagesEnv(root: string, references: ImageReference[]): string {
  const file = join(root, IMAGES_ENV)
  const head = '# Written by scripts/images.sh env from docker/images.lock. Not to be edited.\n'
  const lines = references.map(({ variable, reference }) => `${variable}=${reference}\n`)
  writeAtomically(file, head + lines.join(''))
  return file
}

function variableOf(name: string): string {
  return `HMA_IMAGE_${name.toUpperCase().replaceAll('-', '_')}`
}
