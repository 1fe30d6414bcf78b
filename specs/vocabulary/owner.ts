// Two checkouts of the project that use one name.
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { prepare } from './compose.ts'
import { writeSettings } from './typed.ts'

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
  await prepare(project)
  await writeSettings(project)
  const outcome = await project.run('scripts/compose.sh', ['up', '--wait', '--no-deps', ...services])
  expect(outcome).toMatchObject({ exitCode: 0 })
}

/** Exit code 4 and one line, which names the folder that the stack belongs to. */
export function refusedForeign({ root }: Project): Outcome {
  const line = new RegExp(`^[^\\n]+ belongs to ${root}\\. Next: [^\\n]+$`)
  return { exitCode: 4, stdout: '', stderr: expect.stringMatching(line) }
}
