// One word for each concept, as the glossary of docs/architecture.md has it. These words stood for something else than they mean.
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'
import { filesOf } from './imports.ts'

/** Nowhere, whatever they are meant to say: each has its word in the glossary. Singular and plural. */
const NOWHERE = [
  ...['lane', 'ground', 'supply', 'lend', 'errand', 'wish', 'chapter', 'plant', 'specimen', 'bystander'],
  ...['wire', 'mend', 'shelf', 'workshop', 'house', 'knock', 'trouble', 'test people'],
]
/** Not in a name or a title: an error is an error, options are options, and a connection is disconnected. */
const NO_NAMES = /(?:[Rr]efusal|REFUSAL)/
/** Not a name as they stand. In a sentence they say what they mean. */
const NOT_ALONE = ['asked', 'cut']

const own = 'harness/layout/words.test.ts'
const files = filesOf(ROOT, '*.ts', '*.js', '*.sh', '*.sql', '*.py', 'scripts').filter((file) => file !== own)
const texts = files.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
const code = texts.filter(({ file }) => file.endsWith('.ts'))

/** `openTheDoor` and `open_the_door` as words. */
function wordsIn(text: string): string {
  return text
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .replaceAll(/[_.-]/g, ' ')
    .toLowerCase()
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

/** Comments and texts are left out. */
function namesIn(text: string): string[] {
  const strings = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g
  return (
    withoutComments(text)
      .replaceAll(strings, '')
      .match(/[A-Za-z_]\w*/g) ?? []
  )
}

function wordsAgainstTheGlossary(text: string): string[] {
  const pattern = new RegExp(`\\b(?:${NOWHERE.join('|')})(?:e?s)?\\b`, 'g')
  return wordsIn(text).match(pattern) ?? []
}

test('a word that the glossary replaces is found in names of any form, and what only contains it is not', () => {
  const text = 'const theLanes = open_house // a wish\n"Test people" in households, planted, background'

  expect(wordsAgainstTheGlossary(text)).toEqual(['lanes', 'house', 'wish', 'test people'])
  expect(namesIn("const asked = 'refusal'\n// cut\n/* asked */ isAsked(`cut`)")).toEqual([
    ...['const', 'asked', 'isAsked'],
  ])
})

test('no file and no name of a file has a word that the glossary replaces', () => {
  const named = filesOf(ROOT, '.').map((file) => ({ file, text: basename(file) }))
  const found = [...texts, ...named].flatMap(({ file, text }) =>
    wordsAgainstTheGlossary(text).map((word) => `${file}: ${word}`),
  )

  expect(found).toEqual([])
})

test('no name and no title says refusal for an error', () => {
  const found = code.filter(({ text }) => NO_NAMES.test(withoutComments(text))).map(({ file }) => file)

  expect(found).toEqual([])
})

test('no name is a word that only a sentence makes clear', () => {
  const found = code.flatMap(({ file, text }) =>
    namesIn(text)
      .filter((name) => NOT_ALONE.includes(name) || /^cut[A-Z]/.test(name))
      .map((name) => `${file}: ${name}`),
  )

  expect(found).toEqual([])
})
