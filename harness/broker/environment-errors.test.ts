import { expect, test } from 'vitest'
import { CliError } from '../../config/cli-error.ts'
import { collectEnvironmentErrors } from './environment-errors.ts'

const error = (what: string, exitCode: number) =>
  new CliError({ what, where: 'here', next: 'go on.', exitCode })

test('an error of the environment is printed once, and another error is not printed', async () => {
  const lines: string[] = []
  const errors = collectEnvironmentErrors((line) => void lines.push(line))

  errors.add(error('memory is full', 3))
  errors.add(error('memory is full', 3))
  errors.add(error('no such role', 2))

  expect(lines).toEqual(['memory is full (here) Next: go on.'])
  expect(await errors.any()).toBe(true)
})

test('an error of another kind does not count', async () => {
  const errors = collectEnvironmentErrors(() => {})

  errors.add(error('no such role', 2))

  expect(await errors.any()).toBe(false)
})

test('a run that ends while the engine is still asked waits for its answer', async () => {
  const errors = collectEnvironmentErrors(() => {})
  const engine = Promise.withResolvers<CliError>()
  void errors.addWhenKnown(engine.promise)

  const any = errors.any()
  engine.resolve(error('the server died', 3))

  expect(await any).toBe(true)
})
