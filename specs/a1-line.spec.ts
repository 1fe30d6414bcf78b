import { describe, expect, openTcpProxy, type Project, test } from '../harness/index.ts'
import { bucketCreated } from './vocabulary/bucket.ts'
import { addressOf } from './vocabulary/clients.ts'
import { smokeThroughProxy } from './vocabulary/smoke.ts'
import { boot } from './vocabulary/stack.ts'

const STORES = [
  ['redis', 6379],
  ['minio', 9000],
] as const

const SUCCESS = { exitCode: 0, state: 'ok' }
const FAILED = { exitCode: 1, state: 'failed' }
const LIMIT_S = 2
/** For a smoke test that passes, on a busy machine, too. */
const AMPLE_S = 20
/** Each way. Every client asks more than once, so that a timer which ends a moment early does not matter. */
const DELAY_MS = 50

async function startStores(project: Project): Promise<void> {
  await boot(project, [], ['redis'])
  await bucketCreated(project)
}

describe('A1.0 The stores on a slow connection', () => {
  test.for(STORES)(
    'A1.0.4 a real client of %s works on a slow connection',
    async ([service, inside], { sharedProject }) => {
      await startStores(sharedProject)
      await using proxy = await openTcpProxy((await addressOf(sharedProject, service, inside)).href)

      proxy.delay(DELAY_MS)
      const { milliseconds, ...result } = await smokeThroughProxy(sharedProject, service, proxy, AMPLE_S)

      expect(result).toMatchObject(SUCCESS)
      expect(milliseconds).toBeGreaterThan(2 * DELAY_MS)
    },
  )

  test.for(STORES)(
    'A1.0.4 a client of %s fails at its time limit, and works again afterwards',
    async ([service, inside], { sharedProject }) => {
      await startStores(sharedProject)
      await using proxy = await openTcpProxy((await addressOf(sharedProject, service, inside)).href)

      proxy.delay(LIMIT_S * 1000)
      const { milliseconds, ...during } = await smokeThroughProxy(sharedProject, service, proxy, LIMIT_S)
      proxy.delay(0)
      const after = await smokeThroughProxy(sharedProject, service, proxy, AMPLE_S)

      expect([during, after]).toMatchObject([FAILED, SUCCESS])
      expect(milliseconds).toBeLessThan(2 * LIMIT_S * 1000)
    },
  )
})
