import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCatalog } from './catalog.ts'
import { imageReferences, writeImagesEnv } from './images-env.ts'
import { readLock } from './lock.ts'

const nothing = { has: () => false }

test('every image has a variable, and a missing image has the reference of its best alternative', () => {
  const references = imageReferences(readCatalog('.', 'locked', 'amd64'), nothing)
  const byVariable = Object.fromEntries(references.map(({ variable, reference }) => [variable, reference]))

  expect(byVariable.HMA_IMAGE_REDIS).toBe(readLock('.').upstream.get('redis')?.reference)
  expect(byVariable.HMA_IMAGE_ML_STUB).toMatch(/^localhost\/ml-stub:[0-9a-f]{16}$/)
  expect(references.some(({ there }) => there)).toBe(false)
})

test('the file is replaced, and compose can read it', () => {
  const root = mkdtempSync(join(tmpdir(), 'hma-references-'))
  const image = { name: 'redis', variable: 'HMA_IMAGE_REDIS', there: true }
  writeImagesEnv(root, [{ ...image, reference: 'one' }])

  const file = writeImagesEnv(root, [{ ...image, reference: 'two' }])

  expect(readFileSync(file, 'utf8').split('\n').slice(1)).toEqual(['HMA_IMAGE_REDIS=two', ''])
  expect(readdirSync(join(root, '.hma'))).toEqual(['images.env'])
})
