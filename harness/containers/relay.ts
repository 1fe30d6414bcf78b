// A second address of the engine, over TCP and not on localhost. It imitates a remote engine and, disconnected, an engine
// that has stopped.
import { networkInterfaces } from 'node:os'
import { getContainerRuntimeClient } from 'testcontainers'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { openTcpProxy, type Target, type TcpProxy } from './tcp-proxy.ts'

export interface Relay {
  /** For DOCKER_HOST. */
  dockerHost: string
  host: string
  /** Closes every connection and refuses new ones. */
  disconnect: TcpProxy['disconnect']
}

/** Listens on this machine's own address, where the published ports of containers are reachable too. */
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
    what: `A relay to an engine at ${modem.protocol} is not possible.`,
    where: 'the relay',
    next: 'run these specs with a socket or a plain TCP address in DOCKER_HOST.',
    exitCode: EXIT.unreachable,
  })
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
