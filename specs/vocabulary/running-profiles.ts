// What holds inside of the containers of profiles that run.
import type { Project } from '../../harness/index.ts'
import { render } from './compose.ts'
import { containersOf, execIn } from './containers.ts'
import { limitsInside } from './service-limits.ts'
import { restrictionsInside } from './stack.ts'

const NONE = '0000000000000000'
/** What `restrictionsOf` finds inside of a service without an exception. */
export const CONFINED = { CapEff: NONE, CapBnd: NONE, NoNewPrivs: '1', Seccomp: '2' }

/** Limits of every container of the stack, and those in the model of these profiles, by service. */
export async function limitsWith(project: Project, profiles: string[]) {
  const { model } = await render(project, 'test', profiles)
  const containers = await containersOf(project)
  return {
    running: Object.fromEntries(containers.map(({ service, limits }) => [service, limits])),
    rendered: Object.fromEntries(
      Object.entries(model.services).map(([name, service]) => [name, limitsInside(service)]),
    ),
  }
}

/** Restrictions inside of each service; none of one without a shell that could be asked, as is the locked image of redis-exporter. */
export async function restrictionsOf(
  project: Project,
  services: string[],
): Promise<Record<string, Record<string, string>>> {
  const found: Record<string, Record<string, string>> = {}
  for (const service of services) {
    const { exitCode } = await execIn(project, service, ['sh', '-c', 'true'])
    if (exitCode === 0) found[service] = await restrictionsInside(project, service)
  }
  return found
}
