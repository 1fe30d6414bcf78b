import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { ROOT } from '../../config/root.ts'
import { SECRETS_FOLDER } from '../../config/variables.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Each `${NAME…}` of the compose files but those of images, which A1.1.3 compares with the lock. */
const references = globSync('docker/docker-compose*.yml', { cwd: ROOT })
  .flatMap((file) => [...read(file).matchAll(/\$\{(HMA_(?!IMAGE_)\w+)([^}]*)\}/g)])
  .map(([, name = '', rest = '']) => ({ name, rest }))

test('the default of each variable of the compose files is its value in .env.example', () => {
  const example = { ...parseEnv(read('.env.example')), HMA_SECRETS: `../${SECRETS_FOLDER}` }
  const withDefault = references.filter(({ rest }) => !rest.startsWith(':?'))

  expect(
    withDefault.filter(({ name, rest }) => rest !== `:-${example[name as keyof typeof example]}`),
  ).toEqual([])
  expect(withDefault.length).toBeGreaterThan(Object.keys(example).length)
})

test('only the secrets of prod have no default', () => {
  const required = references.filter(({ rest }) => rest.startsWith(':?'))

  expect(required.map(({ name }) => name)).toEqual(['HMA_SECRETS'])
})
