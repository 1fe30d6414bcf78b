// Two checkouts of the project that use one name.
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { prepare } from './compose.ts'
import { freePorts } from './typed.ts'

/** Runs a script of one checkout under the project name of another. */
export async function actOnStackOf(
  { composeName }: Project,
  actor: Project,
  script: string,
  words: readonly string[],
): Promise<Outcome> {
  await prepare(actor)
  return actor.run(script, [...words], { environment: { HMA_PROJECT: composeName } })
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

/** Exit code 4 and one line, which names the folder that the stack belongs to. */
export function refusedForeign({ root }: Project): Outcome {
  const line = new RegExp(`^[^\\n]+ belongs to ${root}\\. Next: [^\\n]+$`)
  return { exitCode: 4, stdout: '', stderr: expect.stringMatching(line) }
}
