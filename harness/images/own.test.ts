import { globSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OWN_IMAGES } from './own.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const programsIn = (input: string) => (statSync(input).isFile() ? [input] : globSync(`${input}/**/*.ts`))

test('the image of the tools carries the packages they import, and no other', () => {
  const { dockerfile = '', inputs = [] } = OWN_IMAGES.find(({ name }) => name === 'hma-tools') ?? {}
  const imports = inputs
    .flatMap(programsIn)
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/lint\//.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/(?:from|import\() ?'([^.'][^']*)'/g)].map(([, name = '']) => name),
    )
    .filter((name) => !name.startsWith('node:'))
  const [, list = ''] = /^ARG IMPORTS="(.*)"$/m.exec(read(dockerfile)) ?? []

  expect([...new Set(imports)].sort()).toEqual(list.split(' '))
})

test('what an image of ours is made of is there', () => {
  const missing = OWN_IMAGES.flatMap(({ context, inputs }) =>
    inputs.filter((input) => globSync(`${context}/${input}`).length === 0),
  )

  expect(missing).toEqual([])
})
