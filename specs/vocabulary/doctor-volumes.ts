// A container of the stack's name with a volume that is nearly full, for the doctor to find.
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'

interface Holder extends AsyncDisposable {
  container: string
}

/**
 * Starts a container of the copy's compose project on a volume in memory, of that many MiB. Without `df` it finds no program by its
 * name, as in an image that has none.
 */
export async function holdVolume(project: Project, mebibytes: number, hasDf = true): Promise<Holder> {
  const name = `${project.composeName}-volume-holder`
  const label = `com.docker.compose.project=${project.composeName}`
  const { stdout } = await project.run('scripts/images.sh', ['status', '--json', 'redis'])
  const [image] = (JSON.parse(stdout) as { images: { reference: string }[] }).images
  const inMemory = ['--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', `o=size=${mebibytes}m`]
  await execa('docker', ['volume', 'create', '--label', label, ...inMemory, name])
  const options = ['--label', label, '--volume', `${name}:/data`, ...(hasDf ? [] : ['--env', 'PATH=/none'])]
  const program = ['--entrypoint', '/bin/sleep', image?.reference ?? '', '600']
  await execa('docker', ['run', '--detach', '--init', '--name', name, ...options, ...program])
  return {
    container: name,
    async [Symbol.asyncDispose]() {
      await execa('docker', ['rm', '--force', name])
      await execa('docker', ['volume', 'rm', '--force', name])
    },
  }
}

/** The platform of the engine, as docker spells it. */
export async function platformOfEngine(): Promise<string> {
  const { stdout } = await execa('docker', ['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'])
  return stdout
}

/** The same with the variant that docker leaves out, because it is the only one. */
export async function variantOfEngine(): Promise<string> {
  const platform = await platformOfEngine()
  return `${platform}/${platform.endsWith('/arm64') ? 'v8' : 'v1'}`
}
