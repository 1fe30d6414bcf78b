import { expect, test } from 'vitest'
import type { BrokerClient } from './client.ts'
import { openLane } from './prefetch.ts'

/** A broker that refuses every lease with the number of the attempt, which needs no server. */
function refusing(): BrokerClient & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    ask: async (request) => {
      asked.push(request)
      throw new Error(`attempt ${asked.length}`)
    },
  }
}

test('a lease that was refused is asked for anew', async () => {
  const lane = openLane(refusing(), 'default')

  await expect(lane.take()).rejects.toThrow('attempt 1')
  await expect(lane.take()).rejects.toThrow('attempt 2')
})
