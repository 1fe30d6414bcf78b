// A second way to the engine, over TCP and under a name that is not localhost, which can be cut: what a remote engine
// looks like, and one that stops.
import { networkInterfaces } from 'node:os'
import { getContainerRuntimeClient } from 'testcontainers'
import { CliError } from '../../config/cli-error.ts'
import { openTcpProxy, type Target, type TcpProxy } from './tcp-proxy.ts'

export interface Relay {
  /** For DOCKER_HOST. */
  dockerHost: string
  host: string
  /** Drops every connection and takes no new one. */
  disconnect: TcpProxy['disconnect']
}

/** Listens on this machine's own address, where the ports that containers publish are reachable too. */
export async function openRelay(): Promise<Relay> {
  const { host, port, disconnect } = await openTcpProxy(await engineAddress(), ownAddress())
  return { dockerHost: `tcp://${host}:${port}`, host, disconnect }
}

async function engineAddress(): Promise<Target> {
  const { modem } = (await getContainerRuntimeClient()).container.dockerode as unknown as {
    modem: { socketPath?: string; protocol?: string; host?: string; port?: number | string }
  }
  if (modem.socketPath) return { path: modem.socketPath }
  if (modem.protocol === 'http' && modem.host) return { host: modem.host, port: Number(modem.port) }
  throw new CliError({
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
