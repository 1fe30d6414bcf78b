import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findLocalImage, readCatalog } from './catalog.ts'

/** A copy of the files that the catalog reads. */
async function copyOfDocker(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hma-catalog-'))
  await cp('docker', join(root, 'docker'), { recursive: true })
  return root
}

const referenceOf = (root: string, name: string, architecture = 'amd64') =>
  readCatalog(root, 'stand-ins', architecture).alternatives(name)[0]?.reference

test('the same files in another folder have the same tag', async () => {
  const root = await copyOfDocker()

  expect(referenceOf(root, 'redis')).toBe(referenceOf('.', 'redis'))
})

test('a changed file changes the tag of its image and of the images built on it', async () => {
  const root = await copyOfDocker()
  await writeFile(join(root, 'docker/stand-ins/postgres/entrypoint.sh'), '# changed', { flag: 'a' })

  expect(referenceOf(root, 'postgres')).not.toBe(referenceOf('.', 'postgres'))
  expect(referenceOf(root, 'hma-postgres')).not.toBe(referenceOf('.', 'hma-postgres'))
  expect(referenceOf(root, 'redis')).toBe(referenceOf('.', 'redis'))
})

test('another Debian base or another architecture changes every tag', async () => {
  const root = await copyOfDocker()
  await writeFile(join(root, 'docker/stand-ins/debian/rootfs.sh'), '# changed', { flag: 'a' })

  expect(referenceOf(root, 'redis')).not.toBe(referenceOf('.', 'redis'))
  expect(referenceOf('.', 'redis', 'arm64')).not.toBe(referenceOf('.', 'redis'))
})

test('the mode decides which alternatives exist, and the best is the first', () => {
  const origins = (mode: 'auto' | 'locked' | 'stand-ins', name: string) =>
    readCatalog('.', mode, 'amd64')
      .alternatives(name)
      .map(({ origin }) => origin)

  expect(origins('auto', 'redis')).toEqual(['locked', 'stand-in'])
  expect(origins('locked', 'redis')).toEqual(['locked'])
  expect(origins('stand-ins', 'hma-postgres')).toEqual(['built on stand-in'])
})

test('an own image counts only on the base that would be used', () => {
  const catalog = readCatalog('.', 'auto', 'amd64')
  const [onLocked, onStandIn] = catalog.alternatives('hma-postgres')
  const [locked, standIn] = catalog.alternatives('postgres')
  const localImages = (...images: (typeof onLocked)[]) => ({
    has: (reference: string) => images.some((image) => image?.reference === reference),
  })

  expect(findLocalImage(catalog, localImages(standIn, onStandIn), 'hma-postgres')).toEqual(onStandIn)
  expect(findLocalImage(catalog, localImages(locked, standIn, onStandIn), 'hma-postgres')).toBeUndefined()
  expect(findLocalImage(catalog, localImages(locked, onLocked), 'hma-postgres')).toEqual(onLocked)
})

test('an unknown name is refused', () => {
  const catalog = readCatalog('.', 'auto', 'amd64')

  expect(() => catalog.alternatives('oracle')).toThrow('oracle')
})
