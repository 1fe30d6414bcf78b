import { globSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readOwnImages } from './own.ts'

function projectWith(text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'hma-own-images-'))
  mkdirSync(join(root, 'docker'))
  writeFileSync(join(root, 'docker/own-images.yaml'), text)
  return root
}

const read = (file: string) => readFileSync(file, 'utf8')
const programsIn = (input: string) => (statSync(input).isFile() ? [input] : globSync(`${input}/**/*.ts`))

test('the image of the tools carries the packages they import, and no other', () => {
  const { dockerfile = '', inputs = [] } = readOwnImages('.').find(({ name }) => name === 'hma-tools') ?? {}
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
  const missing = readOwnImages('.').flatMap(({ context, inputs }) =>
    inputs.filter((input) => globSync(`${context}/${input}`).length === 0),
  )

  expect(missing).toEqual([])
})

test.for([
  ['no YAML', 'a: [', 'docker/own-images.yaml'],
  ['an image without a base', 'tool: {dockerfile: d, context: ., inputs: []}', 'tool.base'],
  ['a word that nobody knows', 'tool: {dockerfile: d, base: b, context: ., inputs: [], inputz: []}', 'tool'],
] as const)('%s is refused with exit code 2, and named', ([, text, named]) => {
  expect(() => readOwnImages(projectWith(text))).toThrow(
    expect.objectContaining({ exitCode: 2, what: expect.stringContaining(named) }),
  )
})
