import { expect, test } from 'vitest'
import { z } from 'zod'
import { flag, numberBetween, oneOf, readCommand, readOptions } from './command-line.ts'

const HELP = 'scripts/x.sh --help'
const split = (line: string) => line.split(' ').filter(Boolean)

const smoke = (line: string) =>
  readOptions(split(line), HELP, {
    '--variant <name>': oneOf(['dev', 'test', 'prod']).default('dev'),
    '--within-time <seconds>': numberBetween(0.1, 60, 'seconds').default(5),
    '--only <service...>': z.array(oneOf(['redis', 'ml'])).default([]),
    '--json': flag,
    '[files...]': z.array(z.string()),
  })

const migrate = (line: string) =>
  readCommand(split(line), HELP, {
    apply: { '--to <migration>': z.string().optional(), '--json': flag },
    new: { '<subject>': z.string() },
  })

test('options have their defaults', () => {
  expect(smoke('')).toEqual({ variant: 'dev', withinTime: 5, only: [], json: false, files: [] })
})

test('an option that may be repeated takes one value each time', () => {
  expect(smoke('--only ml --within-time=2.5 a.sql --only redis b.sql --json')).toEqual({
    ...{ variant: 'dev', withinTime: 2.5, only: ['ml', 'redis'], json: true, files: ['a.sql', 'b.sql'] },
  })
})

test('a command has its own options and arguments', () => {
  expect(migrate('apply --to 0003')).toEqual({ command: 'apply', to: '0003', json: false })
  expect(migrate('new photos')).toEqual({ command: 'new', subject: 'photos' })
})

test.for([
  ['--fast', "Unknown option '--fast'.", HELP],
  ['--jsno', "Unknown option '--jsno' (Did you mean --json?).", HELP],
  ['--variant', "Option '--variant <name>' argument missing.", HELP],
  ['--variant live', "--variant is 'live'.", 'give dev, test or prod.'],
  ['--within-time=', "--within-time is ''.", 'give seconds, from 0.1 to 60.'],
  ['--within-time -1', "--within-time is '-1'.", 'give seconds, from 0.1 to 60.'],
  ['--within-time 60.1', "--within-time is '60.1'.", 'give seconds, from 0.1 to 60.'],
  ['--only ml --only web', "--only is 'web'.", 'give redis or ml.'],
])('the option line %j is misuse: %s', ([line = '', what, next]) => {
  expect(() => smoke(line)).toThrow(expect.objectContaining({ exitCode: 2, what, next }))
})

test.for([
  ['', 'No command was given.'],
  ['fly', "Unknown command 'fly'."],
  ['toString', "Unknown command 'toString'."],
  ['apply now', "Too many arguments for 'apply'. Expected 0 arguments but got 1: now."],
  ['new', "Missing required argument 'subject'."],
  ['new photos --json', "Unknown option '--json'."],
  ['--json apply', "Unknown option '--json'."],
])('the command line %j is misuse: %s', ([line = '', what]) => {
  expect(() => migrate(line)).toThrow(expect.objectContaining({ exitCode: 2, what }))
})

test('a mandatory option that is left out is named, with the manual as the next act', () => {
  expect(() => readOptions([], HELP, { '--database <name>': z.string() })).toThrow(
    expect.objectContaining({ exitCode: 2, what: '--database is missing.', next: HELP }),
  )
})

test('a program may have its own exit code for misuse', () => {
  expect(() => readOptions(['--fast'], { help: HELP, exitCode: 64 }, {})).toThrow(
    expect.objectContaining({ exitCode: 64 }),
  )
})
