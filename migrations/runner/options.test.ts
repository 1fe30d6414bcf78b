import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const read = (line: string, rls = false) => readOptions(line.split(' ').filter(Boolean), rls, 'migrations')

test('apply is read with what it takes', () => {
  const options = read(
    'apply --to 0003 --with rls --with geo --dry-run --lock-wait 2.5 --allow-out-of-order --json',
  )

  expect(options).toEqual({
    command: 'apply',
    json: true,
    dryRun: true,
    allowOutOfOrder: true,
    acceptDrift: false,
    to: '0003',
    groups: new Set(['rls', 'geo']),
    lockWaitSeconds: 2.5,
    folder: 'migrations',
  })
})

test('the lock is waited for a minute unless said otherwise', () => {
  expect(read('apply').lockWaitSeconds).toBe(60)
})

test('row security by default is the group rls', () => {
  expect(read('status', true).groups).toEqual(new Set(['rls']))
})

test.for([
  ['', 'No command was given.'],
  ['fly', `There is no command 'fly'.`],
  ['toString', `There is no command 'toString'.`],
  ['apply now', `'now' was not expected after apply.`],
  ['new one two', `'two' was not expected after new.`],
  ['apply --fast', `Unknown option '--fast'.`],
  ['status --dry-run', 'status takes no --dry-run.'],
  ['down --with rls', 'down takes no --with.'],
  ['verify --to 0001', 'verify takes no --to.'],
  ['new photos --lock-wait 1', 'new takes no --lock-wait.'],
  ['apply --lock-wait soon', `--lock-wait is 'soon'.`],
  ['apply --lock-wait -1', `Option '--lock-wait' argument is ambiguous.`],
  ['apply --lock-wait=-1', `--lock-wait is '-1'.`],
  ['apply --lock-wait=', `--lock-wait is ''.`],
  ['apply --lock-wait 86401', `--lock-wait is '86401'.`],
  [
    'down --to 0001 --without rls',
    '--to and --without were both given, and each says by itself what is undone.',
  ],
  ['apply --to', `Option '--to <value>' argument missing.`],
])('%j is refused: %s', ([line = '', message]) => {
  expect(() => read(line)).toThrow(expect.objectContaining({ exitCode: 2, what: message }))
})
