import { globSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT } from '../../config/cli-error.ts'
import { filesBelow, hashInputs } from './build-inputs.ts'
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

/** A folder with these entries; what ends with a slash is a folder. */
function folderWith(...entries: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hma-inputs-'))
  for (const entry of entries)
    if (entry.endsWith('/')) mkdirSync(join(folder, entry), { recursive: true })
    else writeFileSync(join(folder, entry), '')
  symlinkSync('loop', join(folder, 'loop'))
  symlinkSync('nowhere', join(folder, 'dangling'))
  return folder
}

const USAGE = expect.objectContaining({ exitCode: EXIT.usage })

test('the files of an input are itself, or those below it, and a missing one has none', () => {
  const folder = folderWith('programs/', 'programs/a.ts', 'programs/b.ts', 'package.json')

  expect(filesBelow(folder, ['package.json', 'programs', 'missing'])).toEqual([
    'package.json',
    'programs/a.ts',
    'programs/b.ts',
  ])
})

test('a folder in the place of a file, and what cannot be read, is refused', () => {
  const folder = folderWith('entrypoint.sh/')

  for (const input of ['entrypoint.sh', 'dangling']) expect(() => filesBelow(folder, [input])).toThrow(USAGE)
  expect(() => hashInputs(folder, ['entrypoint.sh'])).toThrow(USAGE)
  expect(() => hashInputs(folder, filesBelow(folder, ['loop']))).toThrow(USAGE)
  expect(() => hashInputs(folder, ['missing'])).toThrow(USAGE)
})
