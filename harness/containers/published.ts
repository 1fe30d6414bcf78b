// Starts a container whose ports are published.
import { type GenericContainer, getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers'
import { isNotFound } from './container-end.ts'

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
  for (let start = 1; ; start++) {
    try {
      return await container.withName(name).start()
    } catch (error) {
      if (start === STARTS || !isWithoutPort(error)) throw error
      await removeCreated(name)
    }
  }
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
