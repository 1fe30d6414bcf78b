import { expect, test } from 'vitest'
import { CliError } from './cli-error.ts'
import { readStack } from './stack-settings.ts'
import { STACK, type Variant } from './variables.ts'

const example = Object.fromEntries(STACK.map(({ name, example = '' }) => [name, example]))

function linesOf(variables: Record<string, string | undefined>, variant: Variant): string[] {
  try {
    readStack(variables, variant, '/project')
    return []
  } catch (error) {
    if (error instanceof CliError) return error.linesFor('x').split('\n')
    throw error
  }
}

test('dev listens where .env says, test where the engine chooses, prod nowhere', () => {
  const ports = (variant: Variant, variables = example) =>
    readStack(variables, variant, '/project').listeners.map(({ port }) => port)

  expect(ports('dev')).toEqual([5432, 6379, 9000, 9001, 8080, 8081, 8082])
  expect(new Set(ports('test'))).toEqual(new Set(['chosen at start']))
  expect(new Set(ports('prod', { ...example, HMA_SECRETS: '/secrets' }))).toEqual(new Set([undefined]))
})

test('each variant has a project, a mark and a place for its secrets', () => {
  const [dev, beside] = (['dev', 'test'] as const).map((variant) => readStack(example, variant, '/project'))
  const prod = readStack({ ...example, HMA_SECRETS: '/secrets' }, 'prod', '/project')

  expect([dev, beside, prod]).toMatchObject([
    { project: 'hma', environment: 'development', secrets: '/project/.hma/secrets' },
    { project: 'hma-test', environment: 'test', secrets: '/project/.hma/secrets' },
    { project: 'hma-prod', environment: 'production', secrets: '/secrets' },
  ])
})

test('only dev needs its ports', () => {
  const { HMA_REDIS_PORT: _, ...others } = example

  expect(linesOf(others, 'test')).toEqual([])
  expect(linesOf(others, 'dev')).toEqual([expect.stringMatching(/^x: HMA_REDIS_PORT is not set\. Next: /)])
})

test('what is not set is told in one line, what is wrong in a line for each', () => {
  const none = linesOf({}, 'dev')
  const wrong = linesOf({ ...example, HMA_RLS: 'yes', HMA_ML_PORT: '70000' }, 'dev')

  expect(none).toHaveLength(1)
  expect(wrong).toHaveLength(2)
})

test.for(['.hma/secrets', '/project/secrets', '/project', 'elsewhere'])(
  'prod does not take its secrets from %s',
  (HMA_SECRETS) => {
    expect(linesOf({ ...example, HMA_SECRETS }, 'prod')).toEqual([expect.stringMatching(/^x: HMA_SECRETS=/)])
  },
)

test('a folder beside the project whose name begins like its own is outside', () => {
  expect(linesOf({ ...example, HMA_SECRETS: '/project-secrets' }, 'prod')).toEqual([])
})
