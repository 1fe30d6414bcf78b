import { expect, test } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { openTroubles } from './error-report.ts'

const trouble = (what: string, exitCode: number) =>
  new CliError({ what, where: 'here', next: 'go on.', exitCode })

test('the same trouble is said once, and one that is not of the machine not at all', async () => {
  const lines: string[] = []
  const troubles = openTroubles((line) => void lines.push(line))

  troubles.meet(trouble('no room', 3))
  troubles.meet(trouble('no room', 3))
  troubles.meet(trouble('no such role', 2))

  expect(lines).toEqual(['no room (here) Next: go on.'])
  expect(await troubles.met()).toBe(true)
})

test('without any, none was met', async () => {
  const troubles = openTroubles(() => {})

  troubles.meet(trouble('no such role', 2))

  expect(await troubles.met()).toBe(false)
})

test('a run that ends while the engine is still asked waits for its answer', async () => {
  const troubles = openTroubles(() => {})
  const engine = Promise.withResolvers<CliError>()
  void troubles.meetOnce(engine.promise)

  const met = troubles.met()
  engine.resolve(trouble('the server died', 3))

  expect(await met).toBe(true)
})
