import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const start = (env: Record<string, string>) =>
  execa(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env,
    extendEnv: false,
    reject: false,
    timeout: 20_000,
  })

test('a start without settings ends at once, with one line for each', async () => {
  const { exitCode, stdout, stderr } = await start({})

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^ml-stub: HMA_ML_DATABASE_URL .* Next: /),
    expect.stringMatching(/^ml-stub: HMA_ML_PASSWORD .* Next: /),
  ])
})

test('a start on a port that is taken ends with one line', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }

  const { exitCode, stderr } = await start({
    HMA_ML_DATABASE_URL: 'postgres://hma_ml@127.0.0.1:1/hma',
    HMA_ML_PASSWORD: 'secret',
    HMA_ML_PORT: String(port),
  })
  other.close()

  expect(exitCode).toBe(3)
  expect(stderr.split('\n')).toEqual([expect.stringMatching(/^ml-stub: .* Next: /)])
})
