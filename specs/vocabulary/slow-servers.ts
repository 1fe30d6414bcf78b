// A server that becomes slow, or says nothing more, once it is asked a certain question.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { openTcpProxy, type TcpProxy } from '../../harness/index.ts'
import type { Cache } from './cache-load.ts'

const AT_ONCE = 1000

interface ChangingServer extends AsyncDisposable {
  url: string
}

/** From that question on, each one takes so long on its way to the server, and its answer as long on its way back. */
export const slowBy = (milliseconds: number) => (proxy: TcpProxy) => proxy.delay(milliseconds)
/** That question and what follows it have no answer. */
export const frozen = (proxy: TcpProxy) => proxy.freeze()

/** Stands before the server at that URL, and changes the way to it when a client sends what matches. */
export async function changedAt(
  url: string,
  question: RegExp,
  change: (proxy: TcpProxy) => void,
): Promise<ChangingServer> {
  const proxy = await openTcpProxy(url)
  const server = createServer((client) => {
    const upstream = connect(proxy.port, proxy.host)
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('data', (chunk) => {
      if (question.test(chunk.toString())) change(proxy)
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => client.write(chunk)).on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: `${port}` }).href,
    async [Symbol.asyncDispose]() {
      server.close()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

/** So many keys with that prefix. */
export async function addKeys({ send }: Cache, prefix: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, at) => `${prefix}${at}`)
  for (let at = 0; at < count; at += AT_ONCE)
    await send('MSET', ...names.slice(at, at + AT_ONCE).flatMap((name) => [name, 'x']))
}
