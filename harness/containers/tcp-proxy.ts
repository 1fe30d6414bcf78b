// A wire between a client and a server that can be frozen, cut or slowed down: real sockets, and nobody else's are touched.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface Wire extends AsyncDisposable {
  host: string
  port: number
  /** Nothing gets through any more, and every connection stays open, as with a server that is paused. */
  freeze(): void
  thaw(): void
  /** From now on whatever is sent, either way, comes that much later. 0 takes it back. */
  slow(milliseconds: number): void
  /** Connections end and new ones are refused, as with a server that is gone. */
  cut(): Promise<void>
  /** Listens again where it did. */
  mend(): Promise<void>
  /** Connections there are. */
  open(): number
}

/** Where a wire leads. */
export type Target = { path: string } | { host: string; port: number }

/** Listens at `host`, on a port that is free, and leads to `target`: a URL with host and port, a socket, or an address. */
export async function openWire(target: string | Target, host = '127.0.0.1'): Promise<Wire> {
  const sockets = new Set<Socket>()
  let frozen = false
  let delayMs = 0
  const server = createServer((client) => {
    const upstream = connect(addressOf(target))
    join(client, upstream)
    join(upstream, client)
  })
  const join = (from: Socket, to: Socket) => {
    const inTurn = sequence()
    const later = (act: () => void) => inTurn(performance.now() + delayMs, act)
    sockets.add(from)
    from.on('data', (chunk) => later(() => to.write(chunk))).on('error', () => {})
    from.on('close', () => sockets.delete(from) && later(() => to.destroy()))
    if (frozen) from.pause()
  }
  const listen = async (port: number) => {
    server.listen(port, host)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const cut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  return {
    ...{ host, port, cut },
    freeze() {
      frozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw() {
      frozen = false
      for (const socket of sockets) socket.resume()
    },
    slow(milliseconds) {
      delayMs = milliseconds
    },
    mend: async () => void (await listen(port)),
    open: () => sockets.size / 2,
    [Symbol.asyncDispose]: cut,
  }
}

/** Each act no sooner than its time and never before the one that came before it, also where the line has become quicker. */
function sequence(): (dueMs: number, act: () => void) => void {
  let last = Promise.resolve()
  return (dueMs, act) => {
    last = last.then(() => pauseUntil(dueMs)).then(act)
  }
}

async function pauseUntil(dueMs: number): Promise<void> {
  const leftMs = dueMs - performance.now()
  if (leftMs > 0) await pause(leftMs)
}

function addressOf(target: string | Target): Target {
  if (typeof target !== 'string') return target
  const { hostname, port } = new URL(target)
  return { host: hostname, port: Number(port) }
}
