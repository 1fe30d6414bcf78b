// The volumes of a stack are made before compose would make them, with the folder of this checkout in a label.
import { FOLDER_LABEL } from '../../config/compose-containers.ts'
import { ROOT } from '../../config/root.ts'
import { runOrThrow } from '../run-command.ts'
import type { ComposeModel } from './networks.ts'

const CREATE_WITHIN_MS = 30_000

/** Changes none that exists. Compose takes them for its own, because they carry its labels. */
export async function createVolumes({ name: project, volumes = {} }: ComposeModel): Promise<void> {
  await Promise.all(
    Object.entries(volumes).map(([key, { name }]) => {
      const labels = [
        `com.docker.compose.project=${project}`,
        `com.docker.compose.volume=${key}`,
        `${FOLDER_LABEL}=${ROOT}`,
      ].flatMap((label) => ['--label', label])
      return runOrThrow(['docker', 'volume', 'create', ...labels, name], { withinMs: CREATE_WITHIN_MS })
    }),
  )
}
