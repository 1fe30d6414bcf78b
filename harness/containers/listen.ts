import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** A server at this port, 0 for any; undefined where another program has it, or where the address is none of this machine. */
export async function listen(port: number, address: string): Promise<Server | undefined> {
  const server = createServer().listen(port, address)
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}
