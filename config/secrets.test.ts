import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CliError } from './cli-error.ts'
import { createSecrets } from './create-secrets.ts'
import { checkSecrets } from './secrets.ts'
import { SECRETS } from './services.ts'

const SECRET_NAMES = SECRETS.map(({ name }) => name)

const emptyFolder = () => join(mkdtempSync(join(tmpdir(), 'hma-secrets-')), 'secrets')
const contentsOf = (folder: string) => SECRET_NAMES.map((name) => readFileSync(join(folder, name), 'utf8'))

function errorOf(act: () => void): CliError | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
}

test('what is missing is created once, and never changed', () => {
  const folder = emptyFolder()
  const created = createSecrets(folder)
  const before = contentsOf(folder)
  rmSync(join(folder, 'ml-password'))

  const again = createSecrets(folder)

  expect([created, again]).toEqual([SECRET_NAMES, ['ml-password']])
  expect(contentsOf(folder).filter((content, index) => content !== before[index])).toHaveLength(1)
  expect(new Set(before).size).toBe(SECRET_NAMES.length)
})

test('no draft is left beside the secrets, and only their owner may enter the folder', () => {
  const folder = emptyFolder()

  createSecrets(folder)

  expect(readdirSync(folder).sort()).toEqual([...SECRET_NAMES].sort())
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(SECRET_NAMES.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(
    SECRET_NAMES.map(() => 0o444),
  )
})

test('the access control list of Redis holds the hash of its password, and not the password', () => {
  const folder = emptyFolder()
  createSecrets(folder)

  const password = readFileSync(join(folder, 'redis-password'), 'utf8').trim()
  const acl = readFileSync(join(folder, 'redis-acl'), 'utf8')

  expect(acl).toContain(`#${createHash('sha256').update(password).digest('hex')}`)
  expect(acl).not.toContain(password)
})

test('prod accepts secrets that were created for development', () => {
  const folder = emptyFolder()
  createSecrets(folder)

  expect(errorOf(() => checkSecrets(folder, 'prod'))).toBeUndefined()
})

test.for([
  ['', 'dev'],
  ['two\nlines', 'dev'],
  ['postgres', 'prod'],
  ['15-letters-long', 'prod'],
] as const)(
  '"%s" is refused as a secret of %s; the error names the secret and shows nothing of it',
  ([content, variant]) => {
    const folder = emptyFolder()
    createSecrets(folder)
    const file = join(folder, 'postgres-password')
    chmodSync(file, 0o644)
    writeFileSync(file, content)

    const error = errorOf(() => checkSecrets(folder, variant))

    expect(error?.exitCode).toBe(2)
    expect(error?.what).toContain('the secret postgres-password')
    expect(error?.what.replace('postgres-password', '')).not.toContain(content || '\n')
  },
)

test.for([
  ['archive-store-certificate', ['archive-ca-key', 'archive-ca'], 'is not signed by archive-ca'],
  ['archive-store-certificate', ['archive-store-key'], 'does not belong to archive-store-key'],
  ['archive-ca', ['archive-ca-key'], 'does not belong to archive-ca-key'],
] as const)('%s is refused when %s are others', ([name, replaced, problem]) => {
  const folder = emptyFolder()
  createSecrets(folder)
  const others = emptyFolder()
  createSecrets(others)
  for (const other of replaced) {
    rmSync(join(folder, other))
    copyFileSync(join(others, other), join(folder, other))
  }

  const error = errorOf(() => checkSecrets(folder, 'dev'))

  expect(error?.what).toBe(`HMA_SECRETS: the secret ${name} ${problem} in ${folder}.`)
})

test('what possible data may need is not created, and everything else is', () => {
  const folder = emptyFolder()
  const possible = { existing: [], possible: ['postgres-data'] }

  const error = errorOf(() => createSecrets(folder, possible))
  const created = readdirSync(folder).sort()

  expect(error).toMatchObject({ exitCode: 3, what: expect.stringContaining('postgres-password') })
  expect(created).toEqual(SECRET_NAMES.filter((name) => name !== 'postgres-password').sort())
  expect(createSecrets(folder)).toEqual(['postgres-password'])
  expect(createSecrets(folder, possible)).toEqual([])
})
