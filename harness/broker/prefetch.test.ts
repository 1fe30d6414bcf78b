import { expect, test } from 'vitest'
import type { BrokerClient } from './client.ts'
import { openPrefetch } from './prefetch.ts'

/** A broker that rejects each request with its number, which needs no server. */
function rejectingBroker(): BrokerClient {
  let requests = 0
  return {
    request: async () => {
      throw new Error(`request ${++requests}`)
    },
  }
}

test('a lease that was rejected is requested again', async () => {
  const prefetch = openPrefetch(rejectingBroker(), 'default')

  await expect(prefetch.take()).rejects.toThrow('request 1')
  await expect(prefetch.take()).rejects.toThrow('request 2')
})
