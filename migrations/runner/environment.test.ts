import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

const HMA_DATABASE_URL = 'postgres://ada@localhost:5432/hma'

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'hma-secret-')), 'secret')
  writeFileSync(file, text)
  return file
}

test('a password is given as a value or in a file, and is encoded into the URL', () => {
  const value = readEnvironment({ HMA_DATABASE_URL, HMA_DATABASE_PASSWORD: 'a b/c' })
  const file = readEnvironment({ HMA_DATABASE_URL, HMA_DATABASE_PASSWORD_FILE: fileWith('a b/c\n') })

  expect(value.url.password).toBe('a%20b%2Fc')
  expect(file.url.password).toBe('a%20b%2Fc')
})

test('HMA_ENVIRONMENT is optional', () => {
  expect(readEnvironment({ HMA_DATABASE_URL, HMA_ENVIRONMENT: 'production' }).kind).toBe('production')
  expect(readEnvironment({ HMA_DATABASE_URL, HMA_ENVIRONMENT: '' })).not.toHaveProperty('kind')
})

test('only passwords that are given are set', () => {
  const { passwords } = readEnvironment({ HMA_DATABASE_URL, HMA_APP_PASSWORD: 'x', HMA_BACKUP_PASSWORD: '' })

  expect(passwords).toEqual({ hma_app: 'x' })
})

test.for([
  ['no URL', {}, 'HMA_DATABASE_URL'],
  ['an empty URL', { HMA_DATABASE_URL: '' }, 'HMA_DATABASE_URL'],
  ['another protocol', { HMA_DATABASE_URL: 'https://localhost/hma' }, 'HMA_DATABASE_URL'],
  ['no database', { HMA_DATABASE_URL: 'postgres://localhost' }, 'HMA_DATABASE_URL'],
  ['no host', { HMA_DATABASE_URL: 'postgres:///hma' }, 'HMA_DATABASE_URL'],
  ['not a URL', { HMA_DATABASE_URL: 'localhost' }, 'HMA_DATABASE_URL'],
  ['a switch that is neither on nor off', { HMA_DATABASE_URL, HMA_RLS: 'yes' }, 'HMA_RLS'],
  [
    'a value and a file',
    { HMA_DATABASE_URL, HMA_APP_PASSWORD: 'x', HMA_APP_PASSWORD_FILE: 'y' },
    'HMA_APP_PASSWORD',
  ],
  [
    'a file that does not exist',
    { HMA_DATABASE_URL, HMA_APP_PASSWORD_FILE: '/nowhere' },
    'HMA_APP_PASSWORD_FILE',
  ],
  ['an empty file', { HMA_DATABASE_URL, HMA_APP_PASSWORD_FILE: fileWith('\n') }, 'HMA_APP_PASSWORD_FILE'],
] as const)('%s is refused, and the error names the variable', ([, variables, name]) => {
  expect(() => readEnvironment(variables)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(`^${name}\\b`) }),
  )
})
