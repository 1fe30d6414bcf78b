import { expect, test } from 'vitest'
import { parseLock, readLock } from './lock.ts'

const digest = `sha256:${'a'.repeat(64)}`
const line = (name: string, reference = `docker.io/library/x:1@${digest}`, folder = 'stand-ins/x') =>
  `${name}  ${reference}  ${folder}`
const parse = (...lines: string[]) => parseLock(lines.join('\n'), (folder) => folder === 'stand-ins/x')

test('the lock file of this project is well-formed', () => {
  expect([...readLock('.').keys()]).toEqual(expect.arrayContaining(['postgres', 'redis', 'minio', 'node']))
})

test('comments and empty lines count as lines and nothing else', () => {
  const images = parse('# all of them', '', `${line('redis')}  # why`)

  expect(images.get('redis')).toMatchObject({ standIn: 'stand-ins/x', line: 3 })
})

test.for([
  ['a column is missing', 'redis docker.io/library/x:1'],
  ['a column is too many', `${line('redis')} more`],
  ['a name is no name', line('Redis_8')],
  ['the digest is missing', line('redis', 'docker.io/library/x:1')],
  ['the digest is short', line('redis', `docker.io/library/x:1@sha256:${'a'.repeat(63)}`)],
  ['the digest is in capitals', line('redis', `docker.io/library/x:1@sha256:${'A'.repeat(64)}`)],
  ['the tag is missing', line('redis', `docker.io/library/x@${digest}`)],
  ['the registry is implied', line('redis', `library/x:1@${digest}`)],
  ['the stand-in is not there', line('redis', undefined, 'stand-ins/y')],
])('where %s, the line is named', ([, wrong = '']) => {
  expect(() => parse(line('first'), wrong)).toThrow(/^docker\/images\.lock:2: /)
})

test('every line that is wrong is named, once', () => {
  const wrong = catchTrouble(() => parse(line('redis'), 'x', line('redis'), line('minio')))

  expect(wrong.what.match(/images\.lock:\d+/g)).toEqual(['images.lock:2', 'images.lock:3'])
  expect(wrong.exitCode).toBe(2)
})

test('a lock file that names nothing is wrong', () => {
  expect(() => parse('# later')).toThrow('docker/images.lock:')
})

function catchTrouble(attempt: () => unknown): { what: string; exitCode: number } {
  try {
    attempt()
  } catch (error) {
    return error as never
  }
  throw new Error('nothing was refused')
}
