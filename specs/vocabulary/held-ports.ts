// Ports that a program of this machine holds.
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { Server } from 'node:net'
import { listen } from '../../harness/index.ts'

/** Holds each of these ports of a host that is free, until disposed. */
export async function holdPorts(host: string, first: number, count: number): Promise<AsyncDisposable> {
  const ports = Array.from({ length: count }, (_, at) => first + at)
  const { address } = await lookup(host, 4)
  const servers = await Promise.all(ports.map((port) => listen(port, address)))
  const close = async (server: Server | undefined) => server && once(server.close(), 'close')
  return { [Symbol.asyncDispose]: async () => void (await Promise.all(servers.map(close))) }
}
