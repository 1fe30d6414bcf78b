import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

const good = { HMA_ML_DATABASE_URL: 'postgres://hma_ml@db:5432/hma', HMA_ML_PASSWORD: 'secret' }

/** Names of the invalid variables, in the order of their lines. */
function invalidIn(variables: Record<string, string>): string[] {
  const read = readSettings(variables)
  return Array.isArray(read) ? read.map((line) => /^HMA_\w+/.exec(line)?.[0] ?? line) : []
}

test('variables that are set are read, the others have defaults', () => {
  expect(readSettings(good)).toEqual({
    databaseUrl: 'postgres://hma_ml@db:5432/hma',
    password: 'secret',
    host: '127.0.0.1',
    port: 8090,
  })
})

test('each missing variable is named', () => {
  expect(invalidIn({})).toEqual(['HMA_ML_DATABASE_URL', 'HMA_ML_PASSWORD'])
})

test('an empty variable counts as not set', () => {
  expect(invalidIn({ ...good, HMA_ML_PASSWORD: '', HMA_ML_PORT: '' })).toEqual(['HMA_ML_PASSWORD'])
})

test.for([
  'hma',
  'http://hma_ml@db/hma',
  'postgres://hma_ml@db',
  'postgres://db/hma',
  'postgres://hma_ml:secret@db/hma',
])('the database URL %s is refused', (HMA_ML_DATABASE_URL) => {
  expect(invalidIn({ ...good, HMA_ML_DATABASE_URL })).toEqual(['HMA_ML_DATABASE_URL'])
})

test.for(['-1', '65536', '80.5', 'http', '0x50'])('the port %s is refused', (HMA_ML_PORT) => {
  expect(invalidIn({ ...good, HMA_ML_PORT })).toEqual(['HMA_ML_PORT'])
})

test.for(['0', '65535'])('the port %s is accepted', (HMA_ML_PORT) => {
  expect(readSettings({ ...good, HMA_ML_PORT })).toMatchObject({ port: Number(HMA_ML_PORT) })
})

test('the password is read from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hma-ml-'))
  const file = join(folder, 'password')
  writeFileSync(file, 'from a file\n')
  const { HMA_ML_DATABASE_URL } = good

  const settings = readSettings({ HMA_ML_DATABASE_URL, HMA_ML_PASSWORD_FILE: file })
  rmSync(folder, { recursive: true })

  expect(settings).toMatchObject({ password: 'from a file' })
})

test('a missing password file is named, and so are two passwords', () => {
  const { HMA_ML_DATABASE_URL } = good

  expect(invalidIn({ HMA_ML_DATABASE_URL, HMA_ML_PASSWORD_FILE: '/no/such/file' })).toEqual([
    'HMA_ML_PASSWORD_FILE',
  ])
  expect(invalidIn({ ...good, HMA_ML_PASSWORD_FILE: '/no/such/file' })).toContain('HMA_ML_PASSWORD')
})

test('no error line contains a secret', () => {
  const url = 'postgres://hma_ml:hunter2@db/hma'

  const lines = readSettings({ HMA_ML_DATABASE_URL: url })

  expect(lines).toHaveLength(2)
  expect(String(lines)).not.toContain('hunter2')
})
