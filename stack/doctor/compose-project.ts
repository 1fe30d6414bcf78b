// Checks of what runs under the name of this project.
import { CliError } from '../../config/cli-error.ts'
import { listVolumes } from '../../config/compose-containers.ts'
import { foreignFolder, foreignNext, foreignText } from '../../config/stack-owner.ts'
import { broken, type Check, ok, warning } from './finding.ts'

/** Two checkouts with one project name would each treat the other's containers as their own. */
export const name: Check = {
  name: 'name',
  async run({ root, docker, containers: list, project }) {
    if ((await docker()) instanceof CliError) return []
    const own = (await list()).filter((container) => container.project === project)
    const other = foreignFolder(own, await listVolumes(project), root)
    if (other === undefined) return [ok(project)]
    return [broken(foreignText(project, other), foreignNext(project), project)]
  },
}

/** Containers of the stack that are not as they should be. */
export const containers: Check = {
  name: 'containers',
  async run({ docker, containers: list, project }) {
    if ((await docker()) instanceof CliError) return []
    const own = (await list()).filter((container) => container.project === project)
    const unhealthy = own.filter(({ isHealthy, state }) => !isHealthy && !STARTING.includes(state))
    if (unhealthy.length > 0)
      return unhealthy.map(({ name: container, state }) =>
        warning(`${container} is ${state}.`, `docker logs --tail 20 ${container}`, container),
      )
    return [ok(own.length === 0 ? `none of ${project}` : `${own.length} of ${project}`)]
  },
}

export const OF_COMPOSE = [name, containers]

/** Neither healthy nor a defect. */
const STARTING = ['created', 'running', 'running (starting)', 'exited (0)']
