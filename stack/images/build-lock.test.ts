import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { acquireBuildLock } from './build-lock.ts'

const host = (name: string) => `unix:///${name}-${process.pid}`
const never = new AbortController().signal

test('a second process waits until the first releases the lock', async () => {
  const first = await acquireBuildLock(host('two'), () => {}, never)
  const waited = Promise.withResolvers<string>()
  const second = acquireBuildLock(host('two'), waited.resolve, never)
  await waited.promise

  first[Symbol.dispose]()

  using _second = await second
  expect(await waited.promise).toContain('waiting')
})

test('waiting can be aborted', async () => {
  using _first = await acquireBuildLock(host('stop'), () => {}, never)
  const stopped = new AbortController()
  const second = acquireBuildLock(host('stop'), () => stopped.abort(), stopped.signal)

  await expect(second).rejects.toThrow()
})

test('the lock of a killed process is stale', async () => {
  const script = `import { acquireBuildLock } from ${JSON.stringify(new URL('build-lock.ts', import.meta.url).href)}
    await acquireBuildLock(${JSON.stringify(host('killed'))}, () => {}, new AbortController().signal)
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')

  using lock = await acquireBuildLock(host('killed'), () => {}, never)

  expect(lock).toBeDefined()
})
