// Whose a stack is. Two checkouts may have one HMA_PROJECT: what one of them changes or removes must not be the other's.
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from './cli-error.ts'
import {
  type ComposeContainer,
  type ComposeVolume,
  listContainers,
  listVolumes,
} from './compose-containers.ts'
import { ROOT } from './root.ts'

/** The folder of another checkout that containers or volumes of a compose project come from; undefined without one. */
export function foreignFolder(
  containers: Pick<ComposeContainer, 'projectFolder'>[],
  volumes: Pick<ComposeVolume, 'folder'>[],
  root = ROOT,
): string | undefined {
  const folders = [
    ...containers.map(({ projectFolder }) => projectFolder),
    ...volumes.map(({ folder }) => folder),
  ]
  return folders.find((folder) => folder !== '' && !isOwn(folder, root))
}

/** Throws CliError: 4 when the stack of this name is another checkout's, 3 when the engine does not answer. */
export async function requireOwnStack(project: string): Promise<void> {
  const [containers, volumes] = await Promise.all([listContainers(project), listVolumes(project)]).catch(
    (cause: unknown) => {
      const next = 'scripts/engine.sh'
      throw new CliError({ what: 'The engine gives no answer.', next, exitCode: EXIT.unreachable, cause })
    },
  )
  const folder = foreignFolder(containers, volumes)
  if (folder !== undefined)
    throw new CliError({
      what: foreignText(project, folder),
      next: foreignNext(project),
      exitCode: EXIT.refused,
    })
}

export function foreignText(project: string, folder: string): string {
  return `The compose project ${project} belongs to ${folder}.`
}

export function foreignNext(project: string): string {
  return (
    'set HMA_PROJECT in .env to another name, or remove it there with scripts/teardown.sh --data; ' +
    `where that folder is gone, docker compose --project-name ${project} down --volumes`
  )
}

/** A path through a link is the same folder. A folder in this one may be another checkout, such as a worktree of git. */
function isOwn(folder: string, root: string): boolean {
  const real = realPath(folder)
  return real === root || real === join(root, 'docker')
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
