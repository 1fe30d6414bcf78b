// What the commands of a step see of the shell: nothing that leads them to the developer's own stack, or to a database, cache or
// store that somebody named for another purpose.
import { SERVICE_PORTS } from '../../config/services.ts'
import { readVariables } from '../../config/stack-settings.ts'
import { COMMAND_VARIABLES } from '../../config/variables.ts'

/** They say how this machine works, and not where a command works. */
const OF_THE_MACHINE = ['HMA_IMAGES', 'HMA_YES', 'HMA_DOCKERD_OPTIONS']
const PLACES = COMMAND_VARIABLES.map(({ name }) => name).filter((name) => !OF_THE_MACHINE.includes(name))
const LEFT_OUT = new Set(PLACES.flatMap((name) => [name, `${name}_FILE`]))

/** The variables of the process without those; for a step that works on the gate's stack, with the name and ports of that one. */
export function stepEnvironment({ stack }: { stack?: true }): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !LEFT_OUT.has(name))
  return { ...Object.fromEntries(own), ...(stack ? stackVariables() : {}) }
}

const PORTS_ABOVE_DEV = 20_000

/** A project and ports of its own, so that the gate can run beside the stack of the same folder. */
function stackVariables(): Record<string, string> {
  const variables = readVariables(process.env)
  const ports = SERVICE_PORTS.map(({ variable, hostPort }) => [
    variable,
    String(Number(variables[variable] ?? hostPort) + PORTS_ABOVE_DEV),
  ])
  return { HMA_PROJECT: `${variables.HMA_PROJECT ?? 'hma'}-gate`, ...Object.fromEntries(ports) }
}
