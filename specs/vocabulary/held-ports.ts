// Ports that a program of this machine holds.
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Holds each of these ports of a host that is free, until disposed. */
export async function holdPorts(host: string, first: number, count: number): Promise<AsyncDisposable> {
  const ports = Array.from({ length: count }, (_, at) => first + at)
  const { address } = await lookup(host, 4)
  const servers = await Promise.all(ports.map((port) => listen(address, port)))
  const close = async (server: Server | undefined) => server && once(server.close(), 'close')
  return { [Symbol.asyncDispose]: async () => void (await Promise.all(servers.map(close))) }
}

async function listen(address: string, port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, address)
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}
