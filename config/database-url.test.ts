import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CliError } from './cli-error.ts'
import { readDatabaseUrl } from './database-url.ts'

const HMA_DATABASE_URL = 'postgres://ada@localhost:5432/hma'

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'hma-secret-')), 'password')
  writeFileSync(path, text)
  return path
}

function errorOf(variables: Record<string, string>): CliError | undefined {
  try {
    readDatabaseUrl(variables)
    return undefined
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
}

test('a password comes as a value or from a file, and may hold any character', () => {
  const value = readDatabaseUrl({ HMA_DATABASE_URL, HMA_DATABASE_PASSWORD: 'a b/c@d' })
  const file = readDatabaseUrl({ HMA_DATABASE_URL, HMA_DATABASE_PASSWORD_FILE: fileWith('a b/c@d\n') })

  expect(decodeURIComponent(value.password)).toBe('a b/c@d')
  expect(file.href).toBe(value.href)
})

test('an empty variable counts as not set', () => {
  const url = readDatabaseUrl({ HMA_DATABASE_URL, HMA_DATABASE_PASSWORD: '', HMA_DATABASE_PASSWORD_FILE: '' })

  expect(url.href).toBe(HMA_DATABASE_URL)
})

test.for([
  ['no URL', {}, 'HMA_DATABASE_URL'],
  ['an empty URL', { HMA_DATABASE_URL: '' }, 'HMA_DATABASE_URL'],
  ['another protocol', { HMA_DATABASE_URL: 'https://localhost/hma' }, 'HMA_DATABASE_URL'],
  ['no database', { HMA_DATABASE_URL: 'postgres://localhost' }, 'HMA_DATABASE_URL'],
  ['no host', { HMA_DATABASE_URL: 'postgres:///hma' }, 'HMA_DATABASE_URL'],
  ['not a URL', { HMA_DATABASE_URL: 'localhost' }, 'HMA_DATABASE_URL'],
  [
    'a value and a file',
    { HMA_DATABASE_URL, HMA_DATABASE_PASSWORD: 'x', HMA_DATABASE_PASSWORD_FILE: 'y' },
    'HMA_DATABASE_PASSWORD',
  ],
  [
    'a missing file',
    { HMA_DATABASE_URL, HMA_DATABASE_PASSWORD_FILE: '/nowhere' },
    'HMA_DATABASE_PASSWORD_FILE',
  ],
  [
    'an empty file',
    { HMA_DATABASE_URL, HMA_DATABASE_PASSWORD_FILE: fileWith('\n') },
    'HMA_DATABASE_PASSWORD_FILE',
  ],
] as const)('%s is refused with exit code 2, and the variable is named', ([, variables, name]) => {
  const error = errorOf(variables)

  expect(error?.exitCode).toBe(2)
  expect(error?.linesFor('audit')).toMatch(new RegExp(`^audit: ${name}\\b.+ Next: .+$`))
})
