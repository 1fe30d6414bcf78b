import { expect, test } from 'vitest'
import { CliError } from './cli-error.ts'
import { SERVICE_PORTS } from './services.ts'
import { readStackSettings } from './stack-settings.ts'
import { STACK_VARIABLES, type Variant } from './variables.ts'

const example = Object.fromEntries(STACK_VARIABLES.map(({ name, example = '' }) => [name, example]))

function errorLines(variables: Record<string, string | undefined>, variant: Variant): string[] {
  try {
    readStackSettings(variables, variant, '/project')
    return []
  } catch (error) {
    if (error instanceof CliError) return error.linesFor('x').split('\n')
    throw error
  }
}

test('dev listens on the ports of .env, test on ports that the engine chooses, prod on none', () => {
  const ports = (variant: Variant, variables = example) =>
    readStackSettings(variables, variant, '/project').ports.map(({ hostPort }) => hostPort)

  expect(ports('dev')).toEqual(SERVICE_PORTS.map(({ variable }) => Number(example[variable])))
  expect(new Set(ports('test'))).toEqual(new Set(['chosen by the engine']))
  expect(new Set(ports('prod', { ...example, HMA_SECRETS: '/secrets' }))).toEqual(new Set([undefined]))
})

test('each variant has a project, an environment and a folder of secrets', () => {
  const [dev, testing] = (['dev', 'test'] as const).map((variant) =>
    readStackSettings(example, variant, '/project'),
  )
  const prod = readStackSettings({ ...example, HMA_SECRETS: '/secrets' }, 'prod', '/project')

  expect([dev, testing, prod]).toMatchObject([
    { project: 'hma', environment: 'development', secretsFolder: '/project/.hma/secrets' },
    { project: 'hma-test', environment: 'test', secretsFolder: '/project/.hma/secrets' },
    { project: 'hma-prod', environment: 'production', secretsFolder: '/secrets' },
  ])
})

test('only dev needs its ports', () => {
  const { HMA_REDIS_PORT: _, ...others } = example

  expect(errorLines(others, 'test')).toEqual([])
  expect(errorLines(others, 'dev')).toEqual([expect.stringMatching(/^x: HMA_REDIS_PORT is not set\. Next: /)])
})

test('all unset variables share one line, each invalid one has its own', () => {
  const none = errorLines({}, 'dev')
  const wrong = errorLines({ ...example, HMA_RLS: 'yes', HMA_ML_PORT: '70000' }, 'dev')

  expect(none).toHaveLength(1)
  expect(wrong).toHaveLength(2)
})

test.for(['.hma/secrets', '/project/secrets', '/project', 'elsewhere'])(
  'prod does not take its secrets from %s',
  (HMA_SECRETS) => {
    expect(errorLines({ ...example, HMA_SECRETS }, 'prod')).toEqual([
      expect.stringMatching(/^x: HMA_SECRETS=/),
    ])
  },
)

test('a folder beside the project whose name begins like its own is outside', () => {
  expect(errorLines({ ...example, HMA_SECRETS: '/project-secrets' }, 'prod')).toEqual([])
})
