import { globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readLock } from './lock.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const programsIn = (input: string) => (statSync(input).isFile() ? [input] : globSync(`${input}/**/*.ts`))

test.for(['hma-tools', 'hma-backup'])(
  'the image %s contains the packages that its programs import, and no other',
  (image) => {
    const { dockerfile = '', inputs = [] } = readLock('.').own.get(image) ?? {}
    const imports = inputs
      .flatMap(programsIn)
      .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/lint\//.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/(?:from|import\() ?'([^.'][^']*)'/g)].map(([, name = '']) => name),
      )
      .filter((name) => !name.startsWith('node:'))
    const [, list = ''] = /^ARG IMPORTS="(.*)"$/m.exec(read(dockerfile)) ?? []

    expect([...new Set(imports)].sort()).toEqual(list.split(' '))
  },
)

test.for(['ml-stub', 'hma-tools', 'hma-backup'])(
  'the image %s contains every file that its programs import',
  (image) => {
    const { inputs = [] } = readLock('.').own.get(image) ?? {}
    const programs = inputs
      .flatMap(programsIn)
      .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.includes('/lint/'))
    const imported = programs.flatMap((file) =>
      [...read(file).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path = '']) =>
        join(dirname(file), path),
      ),
    )

    expect([...new Set(imported)].filter((file) => !programs.includes(file))).toEqual([])
  },
)

test('every input of an own image exists', () => {
  const missing = [...readLock('.').own.values()].flatMap(({ context, inputs }) =>
    inputs.filter((input) => globSync(`${context}/${input}`).length === 0),
  )

  expect(missing).toEqual([])
})
