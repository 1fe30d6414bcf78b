// Ports that a program of this machine holds.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Holds each of these ports that is free, on every address, until disposed. */
export async function holdPorts(first: number, count: number): Promise<AsyncDisposable> {
  const ports = Array.from({ length: count }, (_, at) => first + at)
  const servers = await Promise.all(ports.map(listen))
  const close = async (server: Server | undefined) => server && once(server.close(), 'close')
  return { [Symbol.asyncDispose]: async () => void (await Promise.all(servers.map(close))) }
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '0.0.0.0')
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}
