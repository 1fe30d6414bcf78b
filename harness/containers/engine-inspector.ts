// The container engine for specs about a run: what the run left on it, and ways to make it fail during the run.
import { getContainerRuntimeClient } from 'testcontainers'
import { COMPOSE_PROJECT_LABEL, RUN_LABEL } from '../../stack/engine/ownership.ts'
import { openRelay, type Relay } from './relay.ts'
import { composeResourcesOf, leftoversOf } from './sweep.ts'

export interface EngineInspector {
  /** Containers, networks, volumes and folders of a run, by kind and name. */
  leftoversOf(run: string): Promise<string[]>
  /** Resources of the compose projects whose names start with this. */
  composeResourcesOf(project: string): Promise<string[]>
  /** Volumes that the containers of a run mount. */
  volumesOf(run: string): Promise<string[]>
  /** Addresses on which the containers of a run publish their ports, each once. */
  addressesOf(run: string): Promise<string[]>
  /** Creates a network and a volume as compose does for a project of this name. */
  imitateCompose(project: string): Promise<void>
  /** Kills a container, as it happens when the engine stops. */
  kill(container: string): Promise<void>
  /** One more address of the engine, which can be disconnected. */
  relay(): Promise<Relay>
  disconnectRelays(): void
}

/** Nothing is started. */
export function createEngineInspector(): EngineInspector {
  const relays: Relay[] = []
  return {
    leftoversOf,
    composeResourcesOf,
    volumesOf,
    addressesOf,
    imitateCompose,
    kill: async (container) => (await engine()).getContainer(container).kill(),
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

async function engine() {
  return (await getContainerRuntimeClient()).container.dockerode
}

async function containersOf(run: string) {
  const filters = { label: [`${RUN_LABEL}=${run}`] }
  return (await engine()).listContainers({ all: true, filters })
}

async function addressesOf(run: string): Promise<string[]> {
  const ports = (await containersOf(run)).flatMap(({ Ports }) => Ports)
  return [...new Set(ports.flatMap(({ IP, PublicPort }) => (PublicPort === undefined ? [] : [IP ?? ''])))]
}

async function volumesOf(run: string): Promise<string[]> {
  const mounts = (await containersOf(run)).flatMap(({ Mounts }) => Mounts)
  return mounts.flatMap(({ Type, Name }) => (Type === 'volume' ? [Name ?? ''] : []))
}

async function imitateCompose(project: string): Promise<void> {
  const Labels = { [COMPOSE_PROJECT_LABEL]: project }
  await (await engine()).createNetwork({ Name: `${project}_default`, Labels })
  await (await engine()).createVolume({ Name: `${project}_data`, Labels })
}
