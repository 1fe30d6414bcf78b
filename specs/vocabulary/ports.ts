// What answers at the ports of this machine that lead to a running stack.
import { once } from 'node:events'
import { connect } from 'node:net'

const WITHIN_MS = 5000

/** Redis takes it for a command of its own, and refuses it. */
const REQUEST = 'GET / HTTP/1.0\r\n\r\n'
/** Postgres's protocol: asks whether the server speaks TLS. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f])

/** Whether a server says anything. The engine alone takes every connection, also where nothing listens in the container. */
export async function answerAt(service: string, port: string): Promise<'answers' | 'says nothing'> {
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
  try {
    socket.write(service === 'postgres' ? TLS_REQUEST : REQUEST)
    await once(socket, 'data', { signal: AbortSignal.timeout(WITHIN_MS) })
    return 'answers'
  } catch {
    return 'says nothing'
  } finally {
    socket.destroy()
  }
}
