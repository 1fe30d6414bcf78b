// A Redis that answers as it is told: for states in which a real one cannot be held.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

interface FakeCache extends AsyncDisposable {
  url: string
}

/** In the protocol of Redis, by the first word of a command. */
type Answers = Record<string, string>

/** Of a server that has no key and nothing to tell. */
const EMPTY: Answers = {
  info: textOf(''),
  slowlog: '*0\r\n',
  latency: '*0\r\n',
  dbsize: ':0\r\n',
  scan: `*2\r\n${textOf('0')}*0\r\n`,
}
const CONFIRMED = '+OK\r\n'

/** The text of INFO with these counts of keys that were found and not found. */
export function infoWith({ hits, misses }: { hits: number; misses: number }): Answers {
  return { info: textOf(`keyspace_hits:${hits}\r\nkeyspace_misses:${misses}\r\n`) }
}

/** While Redis reads its data from the disk, it refuses what asks for keys, and tells its figures. */
export const LOADING: Answers = { dbsize: refusedWhileLoading(), scan: refusedWhileLoading() }

function refusedWhileLoading(): string {
  return '-LOADING Redis is loading the dataset in memory\r\n'
}

function textOf(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}

/** Starts it on this machine. It confirms every command that it has no answer to. */
export async function serveFakeCache(answers: Answers): Promise<FakeCache> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    answerAll(socket, { ...EMPTY, ...answers })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A command is an array, whose first text is its name. A client sends several at once. */
const COMMAND = /\*\d+\r\n\$\d+\r\n(\w+)\r\n/g

function answerAll(socket: Socket, answers: Answers): void {
  let received = ''
  let answered = 0
  socket.on('data', (chunk) => {
    received += chunk
    const names = [...received.matchAll(COMMAND)].map(([, name = '']) => name.toLowerCase())
    for (const name of names.slice(answered)) socket.write(answers[name] ?? CONFIRMED)
    answered = names.length
  })
}
