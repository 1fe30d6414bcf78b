import { expect, test } from 'vitest'
import { runToEnd } from './run-to-end.ts'

const NEVER = new AbortController().signal
const FOREVER = 'setInterval(() => {}, 1000)'

function program(script: string, timeoutMs = 20_000) {
  return { words: ['--eval', script], timeoutMs }
}

test.for([
  ['process.exit(0)', 0],
  ['process.exit(5)', 5],
  ['process.kill(process.pid, "SIGKILL")', 137],
] as const)('%s ends with %i', async ([script, exitCode]) => {
  expect(await runToEnd(program(script), NEVER)).toBe(exitCode)
})

test('a program whose time is up is ended, with 124', async () => {
  expect(await runToEnd(program(FOREVER, 200), NEVER)).toBe(124)
})

test('a program that is stopped has no exit code', async () => {
  expect(await runToEnd(program(FOREVER), AbortSignal.timeout(200))).toBeUndefined()
})
