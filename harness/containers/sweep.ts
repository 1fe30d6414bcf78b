// Removes what runs leave behind: our own at the end, a dead owner's at the start. On the engine that is what carries our
// label, and what a spec started with compose under the run's name; on this machine the run's folder and processes in it.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { getContainerRuntimeClient } from 'testcontainers'
import { COMPOSE_PROJECT_LABEL, ownerIsGone, runOf } from '../../stack/engine/ownership.ts'
import { killProcessesIn, processesIn } from './processes.ts'
import { type RunFolder, runFolderOf, runFolders } from './run-folder.ts'

export interface Swept {
  /** What was there to remove, by kind and name. */
  leftovers: string[]
}

type Labels = Record<string, string>
type Belongs = (labels: Labels) => boolean

/** Everything of one run. Resolves when none of it is left. */
export async function sweepRun(run: string): Promise<Swept> {
  const isOurs = (labels: Labels) => runOf(labels) === run
  return sweep(
    isOurs,
    runFolders().filter((folder) => folder.run === run),
  )
}

/** What runs of this machine left behind when they were killed. Other machines on a shared engine are left alone. */
export async function sweepAbandoned(): Promise<Swept> {
  const folders = runFolders().filter(({ labels }) => ownerIsGone(labels))
  const gone = new Set(folders.map(({ run }) => run))
  return sweep((labels) => ownerIsGone(labels) || gone.has(runOf(labels) ?? ''), folders)
}

/** What compose made under this name, or under one that it begins. */
export async function sweepStacks(name: string): Promise<Swept> {
  return sweep((labels) => (labels[COMPOSE_PROJECT_LABEL] ?? '').startsWith(name), [])
}

/** The same, told and not removed. */
export async function composedBy(name: string): Promise<string[]> {
  const found = await findOnEngine((labels) => (labels[COMPOSE_PROJECT_LABEL] ?? '').startsWith(name))
  return found.map(({ name }) => name)
}

/** What carries this run's name now, without removing it. */
export async function leftoversOf(run: string): Promise<string[]> {
  const found = await findOnEngine((labels) => runOf(labels) === run)
  const folder = runFolderOf(run)
  return [
    ...found.map(({ name }) => name),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
    ...processesIn(folder).map((pid) => `process ${pid}`),
  ]
}

/** Processes first, so that nothing starts anew; the folder last, because it tells the next sweep who owned all this. */
async function sweep(belongs: Belongs, folders: RunFolder[]): Promise<Swept> {
  for (const { path } of folders) killProcessesIn(path)
  const found = await findOnEngine(belongs)
  for (const kind of ['container', 'network', 'volume'] as const)
    await Promise.all(
      found.filter((each) => each.kind === kind).map(({ remove }) => remove().catch(unlessGone)),
    )
  await Promise.all(folders.map(({ path }) => rm(path, { recursive: true, force: true, maxRetries: 3 })))
  return { leftovers: [...found.map(({ name }) => name), ...folders.map(({ path }) => `folder ${path}`)] }
}

interface Found {
  kind: 'container' | 'network' | 'volume'
  name: string
  remove: () => Promise<unknown>
}

async function findOnEngine(belongs: Belongs): Promise<Found[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const [containers, networks, { Volumes }] = await Promise.all([
    dockerode.listContainers({ all: true }),
    dockerode.listNetworks(),
    dockerode.listVolumes(),
  ])
  const ours = <T extends { Labels?: Labels | null | undefined }>(all: T[]) =>
    all.filter(({ Labels }) => belongs(Labels ?? {}))
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

/** Two sweepers may meet: 404 means the other was first, 409 and (for a network still in use) 403 that it is at it. */
function unlessGone(error: { statusCode?: number }): void {
  if (![403, 404, 409].includes(error.statusCode ?? 0)) throw error
}
