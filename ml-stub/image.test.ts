import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string) => readFileSync(file, 'utf8')

test('the image carries the packages the stub imports, and no other', () => {
  const imports = globSync('ml-stub/*.ts')
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [...read(file).matchAll(/from '([^.'][^']*)'/g)].map(([, name = '']) => name))
    .filter((name) => !name.startsWith('node:'))
  const [, list = ''] = /^ARG IMPORTS="(.*)"$/m.exec(read('docker/ml-stub.Dockerfile')) ?? []

  expect([...new Set(imports)].sort()).toEqual(list.split(' '))
})
