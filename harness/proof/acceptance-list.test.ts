import { expect, test } from 'vitest'
import { numberOf, parseList } from './acceptance-list.ts'

const text = `# List
## A Workstream
Goal: words.
### A1 First epic
- A1.0.1 One is true.
- A1.2.10 Ten is true.
### B1 Second epic
- B1.0.1 It works.
`

test('epics and sentences are read in order', () => {
  const { epics, criteria } = parseList(text)

  expect(epics).toEqual([
    { id: 'A1', name: 'First epic' },
    { id: 'B1', name: 'Second epic' },
  ])
  expect(criteria.map(({ id, epic, sentence }) => [id, epic, sentence])).toEqual([
    ['A1.0.1', 'A1', 'One is true.'],
    ['A1.2.10', 'A1', 'Ten is true.'],
    ['B1.0.1', 'B1', 'It works.'],
  ])
})

test.for([
  ['a number that is used twice', '- B1.0.1 Again.', /B1\.0\.1 is used twice/],
  ['a line without a number', '- It works.', /not a numbered sentence/],
  ['a number without a sentence', '- B1.0.2', /not a numbered sentence/],
  ['a number that is too short', '- B1.2 Short.', /not a numbered sentence/],
  ['a number before its epic', '- C1.0.1 Early.', /C1\.0\.1 comes before its epic/],
] as const)('%s is refused with its line', ([, line, complaint]) => {
  const parse = () => parseList(`${text}${line}\n`, 'list.md')

  expect(parse).toThrow(complaint)
  expect(parse).toThrow('list.md:9')
})

test('the hash changes with a sentence and with a number, and with nothing else', () => {
  const { hash } = parseList(text)

  expect(parseList(text.replace('Goal: words.', 'Goal: others.')).hash).toBe(hash)
  expect(parseList(text.replace('It works', 'It works well')).hash).not.toBe(hash)
  expect(parseList(text.replace('A1.0.1', 'A1.0.2')).hash).not.toBe(hash)
})

test.for([
  ['B1.1.2 a claim', 'B1.1.2'],
  ['B1.1.2', 'B1.1.2'],
  ['B1.1.20 a claim', 'B1.1.20'],
  ['B1.1.2: a claim', undefined],
  ['B1.1 a claim', undefined],
  ['a claim of B1.1.2', undefined],
  ['I1.1.2 a claim', undefined],
] as const)('the number of "%s" is %s', ([title, number]) => {
  expect(numberOf(title)).toBe(number)
})
