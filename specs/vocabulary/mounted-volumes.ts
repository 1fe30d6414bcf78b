// In which volumes the containers of a stack keep their data. A volume without a name is not found by the next set-up.
import { execa } from 'execa'
import { expect, type Project } from '../../harness/index.ts'
import { baseFile } from './compose-files.ts'
import { containersOf, stackOf } from './containers.ts'

interface Inspected {
  HostConfig: { Tmpfs?: Record<string, string> | null }
  Config: { Labels: Record<string, string> }
  Mounts: { Type: string; Name?: string; Destination: string }[]
}

/** Starts every service that has a volume, of whatever profile. */
export async function startWithVolumes(project: Project): Promise<void> {
  const environment = { HMA_PROJECT: project.composeName }
  const services = declaredVolumes(project).map((line) => line.replace(/ .*/, ''))
  const words = ['--variant', 'test', 'up', '--detach', '--no-deps', ...new Set(services)]
  const { exitCode, stderr } = await project.run('scripts/compose.sh', words, { environment })
  expect(exitCode, stderr).toBe(0)
}

/** The volumes of each container of the test stack as `service volume`, sorted; one without a name by its id. */
export async function mountedVolumes(project: Project): Promise<string[]> {
  const ids = (await containersOf(project)).map(({ id }) => id)
  const { stdout } = await execa('docker', ['inspect', '--type', 'container', ...ids])
  const prefix = `${stackOf(project)}_`
  const found = (JSON.parse(stdout) as Inspected[]).flatMap(({ HostConfig, Config, Mounts }) =>
    Mounts.filter(({ Type }) => Type === 'volume')
      // The engine may list a volume of the image that a file system in memory hides.
      .filter(({ Destination }) => HostConfig.Tmpfs?.[Destination] === undefined)
      .map(({ Name = '' }) => `${Config.Labels['com.docker.compose.service']} ${Name.replace(prefix, '')}`),
  )
  return found.sort()
}

/** The same as the compose file says it, for every service that has a volume. */
export function declaredVolumes(project: Project): string[] {
  const declared = Object.entries(baseFile(project).services).flatMap(([service, definition]) => {
    const volumes = (definition?.volumes as string[] | undefined) ?? []
    return volumes.map((volume) => `${service} ${volume.split(':')[0]}`)
  })
  return declared.sort()
}
