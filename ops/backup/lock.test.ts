import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EXIT } from '../../config/cli-error.ts'
import { withLock } from './lock.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hma-lock-'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

/** A flock that ends as the real one does. */
async function replaceFlock(script: string): Promise<void> {
  await writeFile(join(folder, 'flock'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'flock'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
}

const take = () => withLock(join(folder, 'backups'), 'backup', async () => 'done')

test('the work is done under the lock, and its result returned', async () => {
  await replaceFlock('exec cat')

  expect(await take()).toBe('done')
})

test('a lock that another process holds is refused as that', async () => {
  await replaceFlock('exit 5')

  await expect(take()).rejects.toMatchObject({ exitCode: EXIT.locked })
})

test.for([
  ['that cannot be opened', 'echo "flock: cannot open lock file" >&2; exit 66'],
  ['of a disk without locks', 'exit 65'],
  ['whose holder is killed at once', 'kill -s KILL $$'],
] as const)('a lock %s is not held by another process', async ([, script]) => {
  await replaceFlock(script)

  await expect(take()).rejects.toMatchObject({ exitCode: EXIT.unreachable })
})

test('where flock is missing, the error says so', async () => {
  vi.stubEnv('PATH', folder)

  await expect(take()).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    what: expect.stringContaining('flock of util-linux is missing'),
  })
})

test('a folder that cannot be made is named', async () => {
  await writeFile(join(folder, 'backups'), '')

  await expect(take()).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    what: expect.stringContaining(join(folder, 'backups')),
  })
})
