// Ports of this machine for a stack that a test starts.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { listen } from '../../harness/index.ts'

/**
 * Below those that Linux gives out by itself (from 32768 on), to containers, too: nobody gets one of them between this moment and the start
 * of the stack. Neither .env.example nor the gate has one of them.
 */
const RANGE: [first: number, last: number] = [11_000, 24_000]

/** So many different ones that were free a moment ago. */
export async function freePorts(count: number, [first, last] = RANGE): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(first, last)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port, '127.0.0.1')
  if (server) await once(server.close(), 'close')
  return server !== undefined
}
