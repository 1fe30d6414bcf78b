// Removes what runs leave on the engine: our own at the end, a dead owner's at the start.
import { getContainerRuntimeClient } from 'testcontainers'
import { ownerIsGone, RUN_LABEL } from './ownership.ts'

/** Containers, then networks, of one run. Resolves when the engine has none of them left. */
export async function sweepRun(run: string): Promise<number> {
  return sweep((labels) => labels[RUN_LABEL] === run)
}

/** What runs on this machine left behind when they were killed. Other machines on a shared engine are left alone. */
export async function sweepAbandoned(): Promise<number> {
  return sweep(ownerIsGone)
}

async function sweep(belongs: (labels: Record<string, string>) => boolean): Promise<number> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const filters = { label: [RUN_LABEL] }
  const containers = await dockerode.listContainers({ all: true, filters })
  const doomed = containers.filter(({ Labels }) => belongs(Labels))
  await Promise.all(
    doomed.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true }).catch(unlessGone)),
  )
  const networks = (await dockerode.listNetworks({ filters })).filter(({ Labels }) => belongs(Labels ?? {}))
  await Promise.all(networks.map(({ Id }) => dockerode.getNetwork(Id).remove().catch(unlessGone)))
  return doomed.length
}

/** Two sweepers may meet: 404 means the other was first, 409 that it is at it. */
function unlessGone(error: { statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error
}
