import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

const DATABASE = new URL('postgres://ada@localhost:5432/hma')

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'hma-secret-')), 'secret')
  writeFileSync(file, text)
  return file
}

test('HMA_ENVIRONMENT is optional', () => {
  expect(readEnvironment({ HMA_ENVIRONMENT: 'production' }, DATABASE).kind).toBe('production')
  expect(readEnvironment({ HMA_ENVIRONMENT: '' }, DATABASE)).not.toHaveProperty('kind')
})

test('only passwords that are given are set', () => {
  const { passwords } = readEnvironment({ HMA_APP_PASSWORD: 'x', HMA_BACKUP_PASSWORD: '' }, DATABASE)

  expect(passwords).toEqual({ hma_app: 'x' })
})

test.for([
  ['a switch that is neither on nor off', { HMA_RLS: 'yes' }, 'HMA_RLS'],
  ['a value and a file', { HMA_APP_PASSWORD: 'x', HMA_APP_PASSWORD_FILE: 'y' }, 'HMA_APP_PASSWORD'],
  ['a file that does not exist', { HMA_APP_PASSWORD_FILE: '/nowhere' }, 'HMA_APP_PASSWORD_FILE'],
  ['an empty file', { HMA_APP_PASSWORD_FILE: fileWith('\n') }, 'HMA_APP_PASSWORD_FILE'],
] as const)('%s is refused, and the error names the variable', ([, variables, name]) => {
  expect(() => readEnvironment(variables, DATABASE)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(`^${name}\\b`) }),
  )
})
