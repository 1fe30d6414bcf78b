// What a stack needs before compose starts it: volumes that tell whose they are, and files that its programs can read.
import { chmodSync, statSync } from 'node:fs'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { FOLDER_LABEL } from '../../config/compose-containers.ts'
import { ROOT } from '../../config/root.ts'
import { runOrThrow } from '../run-command.ts'
import type { ComposeModel } from './networks.ts'

const CREATE_WITHIN_MS = 30_000

export async function prepareStack(model: ComposeModel): Promise<void> {
  makeReadable(model)
  await createVolumes(model)
}

/** Compose mounts the file of the checkout, whose mode comes from the umask of the clone. */
function makeReadable({ configs = {} }: ComposeModel): void {
  for (const { file } of Object.values(configs)) {
    if (file === undefined) continue
    const mode = modeOf(file)
    if ((mode & 0o444) !== 0o444) chmodSync(file, mode | 0o444)
  }
}

/** Of a file. Compose would mount a folder in its place, and make one where there is nothing. */
function modeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) throw unusable(file, 'does not exist')
  if (!stat.isFile()) throw unusable(file, 'is no file')
  return stat.mode
}

function unusable(file: string, problem: string): CliError {
  const what = `${file}, which the compose files mount, ${problem}.`
  return new CliError({ what, next: `git checkout -- ${file}`, exitCode: EXIT.usage })
}

/** Changes none that exists. Compose takes them for its own, because they carry its labels. */
async function createVolumes({ name: project, volumes = {} }: ComposeModel): Promise<void> {
  await Promise.all(
    Object.entries(volumes)
      .filter(([, { external }]) => external !== true)
      .map(([key, volume]) => {
        const { name, driver = 'local', driver_opts = {}, labels: own = {} } = volume
        const options = Object.entries(driver_opts).flatMap(([option, value]) => [
          '--opt',
          `${option}=${value}`,
        ])
        const labels = [
          ...Object.entries(own).map(([label, value]) => `${label}=${value}`),
          `com.docker.compose.project=${project}`,
          `com.docker.compose.volume=${key}`,
          `${FOLDER_LABEL}=${ROOT}`,
        ].flatMap((label) => ['--label', label])
        const create = ['docker', 'volume', 'create', '--driver', driver, ...options, ...labels, name]
        return runOrThrow(create, { withinMs: CREATE_WITHIN_MS })
      }),
  )
}
