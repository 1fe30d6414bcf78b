// Every image by name, and its alternatives in order of preference: the locked image, its stand-in, an own image on either.
import { join, relative } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { filesBelow, hashInputs } from './build-inputs.ts'
import type { LocalImages } from './local-images.ts'
import { LOCK_FILE, type OwnImage, readLock, type UpstreamImage } from './lock.ts'
import type { ImageMode } from './mode.ts'

export type Origin = 'locked' | 'stand-in' | 'built on locked' | 'built on stand-in'

export interface Image {
  name: string
  reference: string
  origin: Origin
  source: Pull | Build | Import
}

export interface Pull {
  kind: 'pull'
  locked: UpstreamImage
}

export interface Build {
  kind: 'build'
  dockerfile: string
  /** Folder that the files are copied from, absolute. */
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
  /** The upstream images, then our own. */
  names: string[]
  /** Those that are needed without a profile, and with these profiles; `*` means all of them. */
  namesFor(profiles?: readonly string[]): string[]
  /** Best first. Throws CliError (2) for an unknown name. */
  alternatives(name: string): Image[]
  /** The entry of the lock; undefined for an own image. */
  upstreamImage(name: string): UpstreamImage | undefined
  /** The base of an own image, and the image built on a given one; undefined for an upstream image. */
  ownImage(name: string): { base: string; on(base: Image): Image } | undefined
}

/** The best alternative that the engine has. An own image counts only on the base that would be used today. */
export function findLocalImage(catalog: ImageCatalog, local: LocalImages, name: string): Image | undefined {
  const own = catalog.ownImage(name)
  if (own === undefined) return catalog.alternatives(name).find(({ reference }) => local.has(reference))
  const base = findLocalImage(catalog, local, own.base)
  const image = base && own.on(base)
  return image && local.has(image.reference) ? image : undefined
}

/** `architecture` is the engine's. Throws CliError (2) when the lock file is malformed. */
export function readCatalog(root: string, mode: ImageMode, architecture: string): ImageCatalog {
  const { upstream, own } = readLock(root)
  const names = [...upstream.keys(), ...own.keys()]
  const debian = debianImage(root, architecture)
  const alternatives = (name: string): Image[] => {
    const locked = upstream.get(name)
    if (locked !== undefined)
      return [
        ...(mode === 'stand-ins' && locked.standIn !== undefined ? [] : [lockedImage(locked)]),
        ...(mode === 'locked' || locked.standIn === undefined
          ? []
          : [standInImage(root, locked.name, locked.standIn, debian)]),
      ]
    const image = own.get(name)
    if (image === undefined) throw unknownImage(name, names)
    return alternatives(image.base).map((base) => builtImage(root, image, base))
  }
  const ownImage = (name: string) => {
    const image = own.get(name)
    return image && { base: image.base, on: (base: Image) => builtImage(root, image, base) }
  }
  const namesFor = (profiles: readonly string[] = []) =>
    names.filter((name) => {
      const profile = upstream.get(name)?.profile
      return profile === undefined || profiles.includes(profile) || profiles.includes('*')
    })
  const upstreamImage = (name: string) => upstream.get(name)
  return { root, names, namesFor, alternatives, upstreamImage, ownImage }
}

function lockedImage(locked: UpstreamImage): Image {
  const { name, reference } = locked
  return { name, reference, origin: 'locked', source: { kind: 'pull', locked } }
}

/** The base of every stand-in. */
function debianImage(root: string, architecture: string): Image {
  const script = 'docker/stand-ins/debian/rootfs.sh'
  const reference = `localhost/hma-stand-in/debian:${hashInputs(root, [script], architecture)}`
  return { name: 'debian', reference, origin: 'stand-in', source: { kind: 'import', script } }
}

function standInImage(root: string, name: string, standIn: string, base: Image): Image {
  const context = join(root, standIn)
  const source = buildSource(context, ['.'], join(context, 'Dockerfile'), base)
  return { name, reference: `localhost/hma-stand-in/${name}:${source.inputs}`, origin: 'stand-in', source }
}

function builtImage(root: string, image: OwnImage, base: Image): Image {
  const source = buildSource(join(root, image.context), image.inputs, join(root, image.dockerfile), base)
  const origin = base.origin === 'locked' ? 'built on locked' : 'built on stand-in'
  return { name: image.name, reference: `localhost/${image.name}:${source.inputs}`, origin, source }
}

function buildSource(context: string, paths: string[], dockerfile: string, base: Image): Build {
  const files = filesBelow(context, paths)
  const inputs = hashInputs(context, [...files, relative(context, dockerfile)], base.reference)
  return { kind: 'build', dockerfile, context, files, base, inputs }
}

function unknownImage(name: string, names: string[]): CliError {
  return new CliError({
    what: `There is no image called ${name}.`,
    where: LOCK_FILE,
    next: `use one of: ${names.join(', ')}.`,
    exitCode: EXIT.usage,
  })
}
