// Where the ports of a container are published.
import { type GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { listen } from './listen.ts'

/**
 * Publishes its ports on the address by which this process reaches them, and on no other; returns the container. The engine counts the
 * ports that it gives out for each address by itself: beside those of the stacks on 127.0.0.1 it would give the same ones out on 0.0.0.0,
 * and refuse a start after ten of them. Testcontainers has no method for it.
 */
export async function onOneAddress(container: GenericContainer): Promise<GenericContainer> {
  const { hostIps } = (await getContainerRuntimeClient()).info.containerRuntime
  const HostIp = await ownAddressOf(hostIps)
  const { hostConfig } = container as unknown as { hostConfig: { PortBindings?: Record<string, object[]> } }
  const bindings = HostIp === undefined ? [] : Object.values(hostConfig.PortBindings ?? {}).flat()
  for (const binding of bindings) Object.assign(binding, { HostIp })
  return container
}

/** The first that is one of this machine; undefined where the engine runs on another one. */
async function ownAddressOf(addresses: { address: string; family: number }[]): Promise<string | undefined> {
  for (const { address, family } of addresses) if (family === 4 && (await isOwn(address))) return address
}

/** By listening: Node lists no network without a container, so the engine's own one is missing before the first start. */
async function isOwn(address: string): Promise<boolean> {
  const server = await listen(0, address)
  server?.close()
  return server !== undefined
}
