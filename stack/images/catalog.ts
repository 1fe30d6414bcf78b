// Every image by name, and the ways to have it in order of preference. A built image is tagged with the hash of all that
// goes into it, so that what is there can be trusted, and what changed is built anew under another tag.
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { CliError } from '../../config/cli-error.ts'
import type { LocalImages } from './local-images.ts'
import { type LockedImage, readLock } from './lock.ts'
import type { ImageMode } from './mode.ts'
import { type OwnImage, readOwnImages } from './own.ts'

export type Origin = 'locked' | 'stand-in' | 'built on locked' | 'built on stand-in'

export interface Image {
  name: string
  reference: string
  origin: Origin
  source: Pull | Build | Import
}

export interface Pull {
  kind: 'pull'
  locked: LockedImage
}

export interface Build {
  kind: 'build'
  dockerfile: string
  /** Folder the files are copied from, absolute. */
  context: string
  /** Files of the context, relative to it. */
  files: string[]
  base: Image
  /** Hash of all that goes in. */
  inputs: string
}

export interface Import {
  kind: 'import'
  /** Script that writes a root file system to standard output. */
  script: string
}

export interface ImageCatalog {
  root: string
  /** Names one can ask for: the locked images, then our own. */
  names: string[]
  /** Ways to have an image, best first. Throws CliError (2) for a name that nothing has. */
  alternatives(name: string): Image[]
  /** What an image of ours stands on, and the image on a given base; undefined when it is not ours. */
  ownImage(name: string): { base: string; on(base: Image): Image } | undefined
}

/** The best way to have an image that is there already. One of ours counts only on the base that would be used today. */
export function findLocalImage(
  catalog: ImageCatalog,
  localImages: LocalImages,
  name: string,
): Image | undefined {
  const ownImage = catalog.ownImage(name)
  if (ownImage === undefined)
    return catalog.alternatives(name).find(({ reference }) => localImages.has(reference))
  const base = findLocalImage(catalog, localImages, ownImage.base)
  const image = base && ownImage.on(base)
  return image && localImages.has(image.reference) ? image : undefined
}

/** Throws CliError (2) when the lock file is malformed. `architecture` is the engine's. */
export function readCatalog(root: string, mode: ImageMode, architecture: string): ImageCatalog {
  const lock = readLock(root)
  const own = ownImages(root)
  const names = [...lock.keys(), ...own.keys()]
  const debian = debianImage(root, architecture)
  const alternatives = (name: string): Image[] => {
    const locked = lock.get(name)
    if (locked !== undefined) return alternativesFor(locked, mode, root, debian)
    const ownImage = own.get(name)
    if (ownImage === undefined) throw unknownImage(name, names)
    return alternatives(ownImage.base).map((base) => builtImage(root, ownImage, base))
  }
  return {
    root,
    names,
    alternatives,
    ownImage: (name) => {
      const image = own.get(name)
      return image && { base: image.base, on: (base) => builtImage(root, image, base) }
    },
  }
}

/** Those whose Dockerfile is there. */
function ownImages(root: string): Map<string, OwnImage> {
  const there = readOwnImages(root).filter(({ dockerfile }) => existsSync(join(root, dockerfile)))
  return new Map(there.map((image) => [image.name, image]))
}

function alternativesFor(image: LockedImage, mode: ImageMode, root: string, debian: Image): Image[] {
  return [
    ...(mode === 'stand-ins' ? [] : [lockedImage(image)]),
    ...(mode === 'locked' ? [] : [standInImage(root, image, debian)]),
  ]
}

function lockedImage(locked: LockedImage): Image {
  return {
    name: locked.name,
    reference: locked.reference,
    origin: 'locked',
    source: { kind: 'pull', locked },
  }
}

/** What every stand-in is built on. */
function debianImage(root: string, architecture: string): Image {
  const script = 'docker/stand-ins/debian/rootfs.sh'
  const inputs = hashOf(root, [script], architecture)
  const reference = `localhost/hma-stand-in/debian:${inputs}`
  return { name: 'debian', reference, origin: 'stand-in', source: { kind: 'import', script } }
}

function standInImage(root: string, { name, standIn }: LockedImage, base: Image): Image {
  const context = join(root, standIn)
  const source = buildSource(context, filesBelow(context, ['.']), join(context, 'Dockerfile'), base)
  const reference = `localhost/hma-stand-in/${name}:${source.inputs}`
  return { name, reference, origin: 'stand-in', source }
}

function builtImage(root: string, image: OwnImage, base: Image): Image {
  const context = join(root, image.context)
  const source = buildSource(context, filesBelow(context, image.inputs), join(root, image.dockerfile), base)
  const origin = base.origin === 'locked' ? 'built on locked' : 'built on stand-in'
  return { name: image.name, reference: `localhost/${image.name}:${source.inputs}`, origin, source }
}

function buildSource(context: string, files: string[], dockerfile: string, base: Image): Build {
  const inputs = hashOf(context, [...files, relative(context, dockerfile)], base.reference)
  return { kind: 'build', dockerfile, context, files, base, inputs }
}

/** What tests, checks and explains a thing is no part of it. */
const EXCLUDED = ['**/node_modules/**', '**/lint/**', '**/*.test.ts', '**/*.md']

function filesBelow(context: string, paths: string[]): string[] {
  const found = paths.flatMap((path) => {
    const at = join(context, path)
    if (!existsSync(at)) return []
    if (statSync(at).isFile()) return [path]
    return globSync('**/*', { cwd: at, exclude: EXCLUDED })
      .map((file) => join(path, file))
      .filter((file) => statSync(join(context, file)).isFile())
  })
  return [...new Set(found)].sort()
}

/** Of paths, contents and who may run them; not of times and owners, which a fresh clone changes. */
function hashOf(folder: string, files: string[], ...more: string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    const path = join(folder, file)
    const runs = (statSync(path).mode & 0o100) !== 0
    hash.update(JSON.stringify([file, runs, createHash('sha256').update(readFileSync(path)).digest('hex')]))
  }
  return hash.update(JSON.stringify(more)).digest('hex').slice(0, 16)
}

function unknownImage(name: string, known: string[]): CliError {
  return new CliError({
    what: `There is no image called ${name}.`,
    where: 'docker/images.lock and the images of our own',
    next: `use one of: ${known.join(', ')}.`,
    exitCode: 2,
  })
}
