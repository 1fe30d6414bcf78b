// The engine as seen from beside a run: what a run left on it, and the ways in which it can fail that run.
import { getContainerRuntimeClient } from 'testcontainers'
import { RUN_LABEL } from '../../stack/engine/ownership.ts'
import { openRelay, type Relay } from './relay.ts'
import { composedBy, leftoversOf } from './sweep.ts'

export interface EngineInspector {
  /** Containers, networks, volumes and folders of a run, by kind and name. */
  leftoversOf(run: string): Promise<string[]>
  /** What compose made under a project of this name, or of one that it begins. */
  composedBy(project: string): Promise<string[]>
  /** Volumes that the containers of a run have mounted. */
  volumesOf(run: string): Promise<string[]>
  /** Makes a network and a volume as compose does for a project of this name. */
  compose(project: string): Promise<void>
  /** Ends a container at once, as the end of the engine would. */
  kill(container: string): Promise<void>
  /** Another address of the engine, which can be cut. */
  relay(): Promise<Relay>
  /** Cuts the relays. */
  disconnectRelays(): void
}

/** Starts nothing. */
export async function createEngineInspector(): Promise<EngineInspector> {
  const relays: Relay[] = []
  return {
    leftoversOf,
    composedBy,
    async volumesOf(run) {
      const { dockerode } = (await getContainerRuntimeClient()).container
      const containers = await dockerode.listContainers({
        all: true,
        filters: { label: [`${RUN_LABEL}=${run}`] },
      })
      return containers.flatMap(({ Mounts }) =>
        Mounts.flatMap(({ Type, Name }) => (Type === 'volume' ? [Name ?? ''] : [])),
      )
    },
    async compose(project) {
      const { dockerode } = (await getContainerRuntimeClient()).container
      const Labels = { 'com.docker.compose.project': project }
      await dockerode.createNetwork({ Name: `${project}_default`, Labels })
      await dockerode.createVolume({ Name: `${project}_data`, Labels })
    },
    async kill(container) {
      const { dockerode } = (await getContainerRuntimeClient()).container
      await dockerode.getContainer(container).kill()
    },
    async relay() {
      const relay = await openRelay()
      relays.push(relay)
      return relay
    },
    disconnectRelays() {
      for (const relay of relays) void relay.disconnect()
    },
  }
}
