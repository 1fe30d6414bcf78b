// Starts a container whose ports are published.
import { type GenericContainer, getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers'
import { isNotFound } from './container-end.ts'
import { listen } from './listen.ts'

/**
 * Ports are published from the range that the machine gives to every client, too. The engine tries ten, one after the other, from where
 * it was last, and then refuses the start: the next start tries the ten behind them.
 */
const STARTS = 5

/** Starts it under that name, again where the engine found no free port for it. Rejects with the engine's error after five times. */
export async function startPublished(
  container: GenericContainer,
  name: string,
): Promise<StartedTestContainer> {
  await publishOnOneAddress(container)
  for (let start = 1; ; start++) {
    try {
      return await container.withName(name).start()
    } catch (error) {
      if (start === STARTS || !isWithoutPort(error)) throw error
      await removeCreated(name)
    }
  }
}

/**
 * Publishes its ports on the address by which this process reaches them, and on no other. The engine counts the ports that it gives out
 * for each address by itself: beside those of the stacks on 127.0.0.1 it would give the same ones out on 0.0.0.0. Testcontainers has no
 * method for it.
 */
async function publishOnOneAddress(container: GenericContainer): Promise<void> {
  const { hostIps } = (await getContainerRuntimeClient()).info.containerRuntime
  const HostIp = await ownAddressOf(hostIps)
  if (HostIp === undefined) return
  const { hostConfig } = container as unknown as { hostConfig: { PortBindings?: Record<string, object[]> } }
  const bindings = Object.values(hostConfig.PortBindings ?? {}).flat()
  for (const binding of bindings) Object.assign(binding, { HostIp })
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

/** The engine has no code for this case; older and newer ones have these words. */
function isWithoutPort(error: unknown): boolean {
  return error instanceof Error && error.message.includes('programming external connectivity')
}

async function removeCreated(name: string): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  await dockerode
    .getContainer(name)
    .remove({ force: true, v: true })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
}
