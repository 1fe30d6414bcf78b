// A TCP proxy between a client and a server, which can be disconnected, frozen or delayed. Real sockets; other clients of
// the server are not affected.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface TcpProxy extends AsyncDisposable {
  host: string
  port: number
  /** Forwards nothing any more; every connection stays open, as with a server that is paused. */
  freeze(): void
  thaw(): void
  /** Delays what is sent from now on, in both directions. 0 ends the delay. */
  delay(milliseconds: number): void
  /** Closes every connection and refuses new ones, as a server that has stopped. */
  disconnect(): Promise<void>
  /** Listens again at the same address. */
  reconnect(): Promise<void>
  /** How many connections are open now. */
  connectionCount(): number
}

/** Where a proxy forwards to. */
export type Target = { path: string } | { host: string; port: number }

/** Listens at `host` on a free port and forwards to `target`: a URL with host and port, a Unix socket, or an address. */
export async function openTcpProxy(target: string | Target, host = '127.0.0.1'): Promise<TcpProxy> {
  const state: State = { sockets: new Set(), isFrozen: false, delayMs: 0 }
  const server = createServer((client) => {
    const upstream = connect(addressOf(target))
    forward(state, client, upstream)
    forward(state, upstream, client)
  })
  const port = await listen(server, host, 0)
  const disconnect = () => closeAll(server, state.sockets)
  return {
    ...{ host, port, disconnect },
    freeze() {
      state.isFrozen = true
      for (const socket of state.sockets) socket.pause()
    },
    thaw() {
      state.isFrozen = false
      for (const socket of state.sockets) socket.resume()
    },
    delay(milliseconds) {
      state.delayMs = milliseconds
    },
    reconnect: async () => void (await listen(server, host, port)),
    connectionCount: () => state.sockets.size / 2,
    [Symbol.asyncDispose]: disconnect,
  }
}

interface State {
  /** Two for each connection. */
  sockets: Set<Socket>
  isFrozen: boolean
  delayMs: number
}

function forward(state: State, from: Socket, to: Socket): void {
  const inOrder = createQueue()
  const later = (action: () => void) => inOrder(performance.now() + state.delayMs, action)
  state.sockets.add(from)
  from.on('data', (chunk) => later(() => to.write(chunk))).on('error', () => {})
  from.on('close', () => state.sockets.delete(from) && later(() => to.destroy()))
  if (state.isFrozen) from.pause()
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}

/** Runs each action at its due time and never before the previous one, also after the delay became shorter. */
function createQueue(): (dueMs: number, action: () => void) => void {
  let last = Promise.resolve()
  return (dueMs, action) => {
    last = last.then(() => pauseUntil(dueMs)).then(action)
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
