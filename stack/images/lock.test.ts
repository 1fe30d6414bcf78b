import { expect, test } from 'vitest'
import type { CliError } from '../../config/cli-error.ts'
import { parseLock, readLock } from './lock.ts'

const digest = `sha256:${'a'.repeat(64)}`
const image = (name: string, reference = `docker.io/library/x:1@${digest}`, folder = 'stand-ins/x') =>
  `  ${name}: { image: "${reference}", stand-in: ${folder} }`
const own = (name: string, fields = 'base: redis, context: ., inputs: []') =>
  `  ${name}: { dockerfile: x.Dockerfile, ${fields} }`
const parse = (...lines: string[]) =>
  parseLock(lines.join('\n'), (path) => ['stand-ins/x/Dockerfile', 'x.Dockerfile'].includes(path))

test("the project's lock file is well-formed", () => {
  const { upstream, own } = readLock('.')

  expect([...upstream.keys()]).toEqual(expect.arrayContaining(['postgres', 'redis', 'minio', 'node']))
  expect([...own.keys()]).toContain('hma-postgres')
})

test('an upstream image knows the line of its reference', () => {
  const { upstream } = parse('# all', 'upstream:', '', `${image('redis')} # why`)

  expect(upstream.get('redis')).toMatchObject({ standIn: 'stand-ins/x', line: 4 })
})

test('an image without a stand-in says what works without it', () => {
  const { upstream } = parse('upstream:', image('redis', undefined, 'none, instead: a walk'))

  expect(upstream.get('redis')).toMatchObject({ standIn: undefined, instead: 'a walk' })
})

test.for([
  ['the stand-in is missing', '  redis: { image: "docker.io/library/x:1" }'],
  ['a key is unknown', '  redis: { image: "x", stand-in: stand-ins/x, more: 1 }'],
  ['a name is not legal', image('Redis_8')],
  ['a name stands twice', image('first')],
  ['the digest is missing', image('redis', 'docker.io/library/x:1')],
  ['the digest is short', image('redis', `docker.io/library/x:1@sha256:${'a'.repeat(63)}`)],
  ['the digest is in capitals', image('redis', `docker.io/library/x:1@sha256:${'A'.repeat(64)}`)],
  ['the tag is missing', image('redis', `docker.io/library/x@${digest}`)],
  ['the registry is not written', image('redis', `library/x:1@${digest}`)],
  ['the stand-in does not exist', image('redis', undefined, 'stand-ins/y')],
  ['nothing is said to work without an image that has no stand-in', image('redis', undefined, 'none')],
  [
    'something is said to work without an image that has one',
    image('redis', undefined, 'stand-ins/x, instead: y'),
  ],
])('where %s, the line is named', ([, wrong = '']) => {
  expect(() => parse('upstream:', image('first'), wrong)).toThrow(/^docker\/images\.lock:3: /)
})

test.for([
  ['a base is not an upstream image', own('tool', 'base: gone, context: ., inputs: []'), 'own.tool.base'],
  ['a base is missing', own('tool', 'context: ., inputs: []'), 'own.tool.base'],
  ['a key is unknown', own('tool', 'base: redis, context: ., inputs: [], inputz: []'), 'own.tool'],
  ['a name is that of an upstream image', own('redis'), 'own.redis'],
])('where %s, the line of the own image is named', ([, wrong = '', path = '']) => {
  expect(() => parse('upstream:', image('redis'), 'own:', wrong)).toThrow(`docker/images.lock:4: ${path}: `)
})

test('every wrong line is named once', () => {
  const error = errorOf(() =>
    parse('upstream:', image('redis'), '  x: 1', image('minio', 'y'), image('node')),
  )

  expect(error.linesFor('images.sh').match(/images\.lock:\d+/g)).toEqual(['images.lock:3', 'images.lock:4'])
  expect(error.exitCode).toBe(2)
})

test.for(['', '# later', 'upstream: {}', 'redis docker.io/library/redis:8', 'a: ['])(
  'a lock file with "%s" is malformed',
  (text) => {
    expect(() => parse(text)).toThrow('docker/images.lock:1: ')
  },
)

function errorOf(attempt: () => unknown): CliError {
  try {
    attempt()
  } catch (error) {
    return error as CliError
  }
  throw new Error('nothing was thrown')
}
