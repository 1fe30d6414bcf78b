// Two checkouts of the project that use one name.
import { normalize } from 'node:path'
import { execa } from 'execa'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { prepare, type Variant } from './compose.ts'
import { stackOf } from './containers.ts'
import { freePorts } from './free-ports.ts'

/** Below that of a test, so that a command that is let through and waits fails by its exit code, 137. */
const REFUSED_WITHIN_MS = 45_000

/** Runs a script of one checkout under the project name of another. */
export async function actOnStackOf(
  { composeName }: Project,
  actor: Project,
  script: string,
  words: readonly string[],
): Promise<Outcome> {
  await prepare(actor)
  const environment = { HMA_PROJECT: composeName }
  return actor.run(script, [...words], { environment, timeoutMs: REFUSED_WITHIN_MS })
}

/** Commands of Compose that show what is there. */
const LOOKS = ['config', 'events', 'images', 'logs', 'ls', 'port', 'ps', 'stats', 'top', 'version', 'volumes']

/** Types every other command that the help of this Compose lists on the stack of another checkout, one after the other. */
export async function tryEachCommand(
  owner: Project,
  actor: Project,
): Promise<(Outcome & { command: string })[]> {
  const { stdout: help } = await execa('docker', ['compose', '--help'])
  const [, list = ''] = help.split('\nCommands:\n')
  const commands = [...list.matchAll(/^ {2}(\w+) /gm)].map(([, command = '']) => command)
  const outcomes: (Outcome & { command: string })[] = []
  for (const command of commands.filter((name) => !LOOKS.includes(name))) {
    const outcome = await actOnStackOf(owner, actor, 'scripts/compose.sh', ['--variant', 'test', command])
    outcomes.push({ command, ...outcome })
  }
  return outcomes
}

/** Starts these services of the dev variant, on ports that are free. */
export async function bootDev(project: Project, services: string[]): Promise<void> {
  const own = await prepare(project)
  const ports = await freePorts(services.length)
  const given = services.map((service, index) => [`HMA_${service.toUpperCase()}_PORT`, `${ports[index]}`])
  const environment = { ...own, ...Object.fromEntries(given) }
  const words = ['up', '--wait', '--no-deps', ...services]
  const outcome = await project.run('scripts/compose.sh', words, { environment })
  expect(outcome).toMatchObject({ exitCode: 0 })
}

/** All that is left of the test stack of a checkout which has the same name and is in another folder, that path away. */
export function volumeOfOther(project: Project, path: string): Promise<AsyncDisposable & { root: string }> {
  return volumeOf(project, 'redis-data', 'test', normalize(`${project.root}${path}`))
}

/** A volume as the stack of a checkout in that folder has left it. Disposing removes it, unless it is gone. */
export async function volumeOf(
  project: Project,
  key: string,
  variant: Variant,
  root = project.root,
): Promise<AsyncDisposable & { root: string }> {
  const name = `${stackOf(project, variant)}_${key}`
  const labels = {
    'com.docker.compose.project': stackOf(project, variant),
    'com.docker.compose.volume': key,
    'hma.folder': root,
  }
  const words = Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`])
  await execa('docker', ['volume', 'create', ...words, name])
  return {
    root,
    [Symbol.asyncDispose]: async () =>
      void (await execa('docker', ['volume', 'rm', '--force', name], { reject: false })),
  }
}

/** Exit code 4 and one line, which names the folder that the stack belongs to. */
export function refusedForeign({ root }: Pick<Project, 'root'>): Outcome {
  const line = new RegExp(`^[^\\n]+ belongs to ${root}\\. Next: [^\\n]+$`)
  return { exitCode: 4, stdout: '', stderr: expect.stringMatching(line) }
}
