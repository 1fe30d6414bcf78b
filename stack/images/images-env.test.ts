import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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

test('only the lines about images are replaced', () => {
  const root = mkdtempSync(join(tmpdir(), 'hma-images-env-'))
  const image = { name: 'redis', variable: 'HMA_IMAGE_REDIS', there: true }
  writeFileSync(join(root, '.env'), '# Mine.\nHMA_PROJECT=mine\n')
  writeImagesEnv(root, [{ ...image, reference: 'one' }])

  writeImagesEnv(root, [{ ...image, reference: 'two' }])

  const [mine, project, empty, , ...images] = readFileSync(join(root, '.env'), 'utf8').split('\n')
  expect([mine, project, empty, ...images]).toEqual([
    '# Mine.',
    'HMA_PROJECT=mine',
    '',
    'HMA_IMAGE_REDIS=two',
    '',
  ])
  expect(readdirSync(root)).toEqual(['.env'])
})
