// A port of this machine with a small number.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** 3072 to 4095: C00 to FFF, so that it has a letter and, in the kernel's list, a zero before it. None is a port of .env.example. */
const [FIRST, COUNT] = [0xc00, 0x400]

/** One that this process holds until disposed, as `takePort` of the doctor's vocabulary does with a large one. */
export async function takeLowPort(): Promise<AsyncDisposable & { port: string; owner: string }> {
  for (let step = 0; step < COUNT; step += 1) {
    const port = FIRST + ((process.pid + step) % COUNT)
    const server = await listenAt(port)
    if (server === undefined) continue
    return {
      port: `${port}`,
      owner: `process ${process.pid}`,
      async [Symbol.asyncDispose]() {
        server.close()
        await once(server, 'close')
      },
    }
  }
  throw new Error(`Every port from ${FIRST} to ${FIRST + COUNT - 1} is taken.`)
}

/** Undefined where somebody else has it. */
async function listenAt(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1')
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}
