// Removes what runs leave behind: those of this run at its end, those of killed runs at the start of the next. On the engine:
// what carries our label, and what a spec started with compose under the run's name. On this machine: the run's folder and
// the processes that work in it.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { getContainerRuntimeClient } from 'testcontainers'
import { COMPOSE_PROJECT_LABEL, ownerIsGone, runOf } from '../../stack/engine/ownership.ts'
import { killProcessesIn, processesIn } from './processes.ts'
import { type RunFolder, runFolders, runFoldersOf } from './run-folder.ts'

type Labels = Record<string, string>
type IsOwned = (labels: Labels) => boolean

/** Removes everything of one run. Resolves to what was removed, by kind and name, when none of it is left. */
export async function sweepRun(run: string): Promise<string[]> {
  const folders = runFolders().filter((folder) => folder.run === run)
  return sweep((labels) => runOf(labels) === run, folders)
}

/** Removes what killed runs of this machine left behind. Runs of other machines on a shared engine are not touched. */
export async function sweepAbandoned(): Promise<string[]> {
  const folders = runFolders().filter(({ labels }) => ownerIsGone(labels))
  const gone = new Set(folders.map(({ run }) => run))
  return sweep((labels) => ownerIsGone(labels) || gone.has(runOf(labels) ?? ''), folders)
}

/** Removes the resources of the compose projects whose names start with this. */
export async function sweepComposeProjects(prefix: string): Promise<string[]> {
  return sweep(isOfCompose(prefix), [])
}

/** The resources of the compose projects whose names start with this. */
export async function composeResourcesOf(prefix: string): Promise<string[]> {
  const found = await findOnEngine(isOfCompose(prefix))
  return found.map(({ name }) => name)
}

/** What there is of this run now, by kind and name. */
export async function leftoversOf(run: string): Promise<string[]> {
  const found = await findOnEngine((labels) => runOf(labels) === run)
  const folders = runFoldersOf(run)
  return [
    ...found.map(({ name }) => name),
    ...folders.filter(existsSync).map((folder) => `folder ${folder}`),
    ...folders.flatMap(processesIn).map((pid) => `process ${pid}`),
  ]
}

/** Processes first, so that nothing is started again; the folder last, because it tells the next sweep who the owner was. */
async function sweep(isOwned: IsOwned, folders: RunFolder[]): Promise<string[]> {
  for (const { path } of folders) killProcessesIn(path)
  const found = await findOnEngine(isOwned)
  for (const kind of ['container', 'network', 'volume'] as const)
    await Promise.all(
      found.filter((each) => each.kind === kind).map(({ remove }) => remove().catch(unlessGone)),
    )
  await Promise.all(folders.map(({ path }) => rm(path, { recursive: true, force: true, maxRetries: 3 })))
  return [...found.map(({ name }) => name), ...folders.map(({ path }) => `folder ${path}`)]
}

function isOfCompose(prefix: string): IsOwned {
  return (labels) => (labels[COMPOSE_PROJECT_LABEL] ?? '').startsWith(prefix)
}

interface Found {
  kind: 'container' | 'network' | 'volume'
  name: string
  remove: () => Promise<unknown>
}

async function findOnEngine(isOwned: IsOwned): Promise<Found[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const [containers, networks, { Volumes }] = await Promise.all([
    dockerode.listContainers({ all: true }),
    dockerode.listNetworks(),
    dockerode.listVolumes(),
  ])
  const ours = <T extends { Labels?: Labels | null | undefined }>(all: T[]) =>
    all.filter(({ Labels }) => isOwned(Labels ?? {}))
  return [
    ...ours(containers).map(({ Id, Names }): Found => {
      const remove = () => dockerode.getContainer(Id).remove({ force: true, v: true })
      return { kind: 'container', name: `container ${Names[0]?.slice(1)}`, remove }
    }),
    ...ours(networks).map(({ Id, Name }): Found => {
      return { kind: 'network', name: `network ${Name}`, remove: () => dockerode.getNetwork(Id).remove() }
    }),
    ...ours(Volumes ?? []).map(({ Name }): Found => {
      return { kind: 'volume', name: `volume ${Name}`, remove: () => dockerode.getVolume(Name).remove() }
    }),
  ]
}

/** Two sweeps may run at once: with 404 the other was first; with 409 and (for a network in use) 403 it is removing it now. */
function unlessGone(error: { statusCode?: number }): void {
  if (![403, 404, 409].includes(error.statusCode ?? 0)) throw error
}
