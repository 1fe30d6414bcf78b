import { expect, test } from 'vitest'
import { readNeeds } from './needs.ts'

const fixturesOf = (text: string) => readNeeds(text).fixtures

test.for([
  ['one name', `test('a', async ({ db }) => {`, ['db']],
  [
    'several names on several lines',
    `test('a', async ({\n  project,\n  emptyDb,\n}) => {`,
    ['project', 'emptyDb'],
  ],
  ['a name that is taken apart', `test('a', async ({ bucket: { client, name } }) => {`, ['bucket']],
  ['a name behind a row', `test.for([1])('a', async (row, { cache }) => {`, ['cache']],
  [
    'a name behind a row that is taken apart',
    `test.for([1])('a', async ([, b], { cluster }) => {`,
    ['cluster'],
  ],
] as const)('%s is seen', ([, text, names]) => {
  expect([...fixturesOf(text)]).toEqual(expect.arrayContaining([...names]))
})

test('what no test takes is not needed', () => {
  const text = `import { db } from 'x'\ntest('a', async () => { use({ cache }) })`

  expect([...fixturesOf(text)]).toEqual([])
})

test('web services are seen by name', () => {
  expect([...readNeeds(`const ml = await web('ml')\nawait web('mail-out')`).webs]).toEqual(['ml', 'mail-out'])
})
