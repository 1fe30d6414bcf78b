// A restore gets a secret of each login: those of config/services.ts, under the variables that the program reads.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LOGIN_SECRETS } from '../../config/services.ts'

const text = readFileSync(join(import.meta.dirname, 'main.ts'), 'utf8')

test('a restore gets the password of every login of the database, each under its own variable', () => {
  const given = [...text.matchAll(/^ {2}(HMA_\w+): '([\w-]+)',$/gm)].map(([, name, secret]) => [name, secret])

  const { postgres, ...others } = LOGIN_SECRETS
  const variables = Object.values(others).map((secret) => [
    `HMA_${secret.replace('-', '_').toUpperCase()}_FILE`,
    secret,
  ])
  expect(given).toEqual([['HMA_DATABASE_PASSWORD_FILE', postgres], ...variables])
})
