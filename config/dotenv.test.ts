import { expect, test } from 'vitest'
import { parseDotenv } from './dotenv.ts'

test.for([
  ['A=1\nB=', { A: '1', B: '' }],
  ['# comment\n\n  # another\r\nA=/srv/my secrets\r\n', { A: '/srv/my secrets' }],
  ['A=1\nA=2', { A: '2' }],
  ['A=x=y:z', { A: 'x=y:z' }],
] as const)('%j is read as %o', ([text, variables]) => {
  expect(parseDotenv(text, '.env')).toEqual(variables)
})

test.for(['A', 'A =1', 'export A=1', 'A: 1', '1A=1', '=1'])('%j is no NAME=VALUE', (line) => {
  expect(() => parseDotenv(`# first\n${line}`, '.env')).toThrow(/^\.env:2: this line is not NAME=VALUE/)
})

test.for([
  'A="1"',
  "A='1'",
  'A="open',
  'A=$HOME/x',
  'A=~/x',
  'A=/srv/c#1',
  'A=1 # one',
  'A= 1',
  'A=1 ',
  'A=a\\nb',
  'A=`x`',
])('%j would be read differently by compose', (line) => {
  expect(() => parseDotenv(line, '.env')).toThrow(expect.objectContaining({ exitCode: 2 }))
})
