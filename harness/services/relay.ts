// A second way to the engine, over TCP and under a name that is not localhost, which can be cut: what a remote engine
// looks like, and one that stops.
import { createConnection, createServer, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { getContainerRuntimeClient } from 'testcontainers'
import { Trouble } from '../trouble.ts'

export interface Relay {
  /** For DOCKER_HOST. */
  dockerHost: string
  host: string
  /** Drops every connection and takes no new one. */
  cut(): void
}

/** Listens on this machine's own address, where the ports that containers publish are reachable too. */
export async function openRelay(): Promise<Relay> {
  const target = await engineAddress()
  const open = new Set<Socket>()
  const server = createServer((from) => {
    const to = createConnection(target)
    for (const end of [from, to]) {
      open.add(end)
      end.on('error', () => {}).on('close', () => open.delete(end))
    }
    from.on('close', () => to.destroy()).pipe(to)
    to.on('close', () => from.destroy()).pipe(from)
  })
  const host = ownAddress()
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(0, host, listening))
  const { port } = server.address() as { port: number }
  return {
    dockerHost: `tcp://${host}:${port}`,
    host,
    cut() {
      server.close()
      for (const end of open) end.destroy()
    },
  }
}

async function engineAddress(): Promise<{ path: string } | { host: string; port: number }> {
  const { modem } = (await getContainerRuntimeClient()).container.dockerode as unknown as {
    modem: { socketPath?: string; protocol?: string; host?: string; port?: number | string }
  }
  if (modem.socketPath) return { path: modem.socketPath }
  if (modem.protocol === 'http' && modem.host) return { host: modem.host, port: Number(modem.port) }
  throw new Trouble({
    what: `An engine reached by ${modem.protocol} cannot be relayed.`,
    where: 'the relay',
    next: 'run these specs with a socket or a plain TCP address in DOCKER_HOST.',
    exitCode: 3,
  })
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
