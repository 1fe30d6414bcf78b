import { expect, test } from 'vitest'
import { isDryRun, profilesIn } from './arguments.ts'

test.for([
  '--dry-run up',
  'up --dry-run',
  'up redis --dry-run',
  'create --dry-run=true redis',
  'run --rm --dry-run ml',
  'run -e A=1 --name other --dry-run ml prog',
  '--profile tools run --dry-run ml',
])('compose changes nothing with %s', (line) => {
  expect(isDryRun(line.split(' '))).toBe(true)
})

test.for([
  'up',
  'up --dry-run=false',
  'up -- --dry-run',
  'run ml prog --dry-run',
  'run ml --dry-run',
  'run --rm -e A=1 ml prog --dry-run',
  'run --name --dry-run ml',
  'run --a-new-option value --dry-run ml',
])('compose starts something with %s', (line) => {
  expect(isDryRun(line.split(' '))).toBe(false)
})

test.for([
  ['', []],
  ['--profile tools', ['tools']],
  ['--profile=tools', ['tools']],
  ['--profile=tools --dry-run --profile grafana', ['tools', 'grafana']],
  ['--profile=*', ['*']],
] as const)('the profiles of «%s» are %o', ([options, profiles]) => {
  expect(profilesIn(options.split(' '))).toEqual(profiles)
})
