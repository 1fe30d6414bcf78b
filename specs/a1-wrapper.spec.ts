import { describe, expect, test } from '../harness/index.ts'
import { compose } from './vocabulary/compose.ts'
import { secretsWith } from './vocabulary/secrets.ts'

const refused = (named: string) => ({
  exitCode: 2,
  stdout: '',
  stderr: expect.stringMatching(`^[^\n]*${named}[^\n]*$`),
})

describe('A1.2 The wrapper of docker compose', () => {
  test.for([
    ['config'],
    ['convert'],
    ['create', '--dry-run'],
    ['up', '--dry-run'],
    ['--dry-run', 'up'],
    ['run', '--rm', 'ml'],
    ['start'],
    ['restart'],
    ['scale', 'ml=1'],
    ['--progress=plain', 'create', '--dry-run'],
    ['--ansi', 'never', 'up', '--dry-run'],
    ['-fdocker/docker-compose.prod.yml', 'create', '--dry-run'],
    ['a-command-of-tomorrow'],
  ])('A1.2.2 prod without its secrets refuses %o', async (words, { sharedProject }) => {
    const HMA_SECRETS = await secretsWith(sharedProject, 'prod', 'ml-password', { content: 'changeme' })

    const outcome = await compose(sharedProject, 'prod', words, { HMA_SECRETS })

    expect(outcome).toEqual(refused('ml-password is a commonly used one'))
  })

  test.for([
    ['-p', 'other'],
    ['-pother'],
    ['--project-name=other'],
    ['--project-directory', '/'],
    ['--env-file', '.env'],
    ['--compatibility'],
    ['--'],
  ])(
    'A1.2.2 no option before the command replaces what the wrapper sets: %o',
    async (words, { sharedProject }) => {
      const outcome = await compose(sharedProject, 'prod', [...words, 'create', '--dry-run'])

      expect(outcome).toEqual(refused('compose.sh takes no '))
    },
  )

  test.for(['dev', 'test', 'prod'] as const)(
    'A1.1.3 no variable of the shell chooses an image of %s',
    async (variant, { sharedProject }) => {
      const evil = { HMA_IMAGE_REDIS: 'evil:latest', HMA_IMAGE_HMA_POSTGRES: 'evil:latest' }

      const { exitCode, stdout } = await compose(sharedProject, variant, ['config'], evil)

      expect(exitCode).toBe(0)
      expect(stdout).not.toContain('evil')
      expect(stdout).toMatch(/image: .+redis/)
    },
  )
})
