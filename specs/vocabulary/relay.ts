// A wire between a service and a server that a spec can freeze or cut: real sockets, and nobody else's are touched.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Relay extends AsyncDisposable {
  host: string
  port: number
  /** Nothing gets through any more, and every connection stays open, as with a server that is paused. */
  freeze(): void
  thaw(): void
  /** Connections end and new ones are refused, as with a server that is gone. */
  cut(): Promise<void>
  /** Listens again where it did. */
  mend(): Promise<void>
  /** Connections there are. */
  open(): number
}

/** Listens on loopback and forwards to `url`'s host and port. */
export async function openRelay(url: string): Promise<Relay> {
  const { hostname, port: target } = new URL(url)
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer((client) => {
    const upstream = connect(Number(target), hostname)
    join(client, upstream)
    join(upstream, client)
  })
  const join = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (chunk) => to.write(chunk)).on('error', () => {})
    from.on('close', () => sockets.delete(from) && to.destroy())
    if (frozen) from.pause()
  }
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const cut = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  return {
    host: '127.0.0.1',
    port,
    freeze() {
      frozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw() {
      frozen = false
      for (const socket of sockets) socket.resume()
    },
    cut,
    mend: async () => void (await listen(port)),
    open: () => sockets.size / 2,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await cut()
    },
  }
}
