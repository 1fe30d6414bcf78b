// Which images the engine has, and whether a registry lets this engine pull the missing ones.
import { CliError } from '../../config/cli-error.ts'
import type { UpstreamImage } from '../images/lock.ts'
import type { Docker } from './docker.ts'
import { broken, type Check, ok, type Result, warning } from './finding.ts'

export const images: Check = {
  name: 'images',
  async run({ missing: find }) {
    const missing = await find()
    if (missing === undefined) return []
    if (missing instanceof CliError)
      return [missing, ...missing.others].map(({ what, next }) => broken(what, next))
    if (missing.length === 0) return [ok('all there')]
    const next = 'scripts/images.sh ensure, or the set-up, which does that.'
    return [warning(`Not there yet: ${missing.join(', ')}.`, next)]
  },
}

/** For each missing image of the lock: can the engine pull it? A stand-in replaces it where one can be built. */
export const registries: Check = {
  name: 'registries',
  async run({ root, docker: find, missing: findMissing, variables, machine }) {
    const [docker, missing] = [await find(), await findMissing()]
    if (docker instanceof CliError || !Array.isArray(missing) || variables.HMA_IMAGES === 'stand-ins')
      return []
    // Imported here, because reading YAML needs the dependencies; where a list of images exists they are installed.
    const { readLock } = await import('../images/lock.ts')
    const locked = [...readLock(root).upstream.values()].filter(({ name }) => missing.includes(name))
    const mayStandIn = variables.HMA_IMAGES !== 'locked' && machine.findProgram('apt-get') !== undefined
    const results = await Promise.all(locked.map((image) => resultOf(image, docker, mayStandIn)))
    const problems = results.filter((result) => result !== undefined)
    if (problems.length > 0 || locked.length === 0) return problems
    return [ok(`${locked.map(({ name }) => name).join(', ')} can be pulled`)]
  },
}

export const OF_IMAGES = [images, registries]

/** The registry was reached and refuses. */
const REFUSED_STATES = [401, 403, 404]

async function resultOf(
  { name, reference, line, instead }: UpstreamImage,
  docker: Docker,
  mayStandIn: boolean,
): Promise<Result | undefined> {
  const { status, reason } = await docker.manifest(reference)
  if (status === 200) return undefined
  const registry = reference.slice(0, reference.indexOf('/'))
  const standIn = `HMA_IMAGES=auto scripts/images.sh ensure --stand-ins ${name}`
  const otherwise = instead ?? standIn
  const where = `docker/images.lock:${line}`
  if (REFUSED_STATES.includes(status))
    return broken(
      `${registry} refuses the image ${name}: ${reason}`,
      `correct ${where}, or ${otherwise}`,
      name,
    )
  const what = `${registry} cannot be reached for the image ${name} (${reason.split('\n')[0]}).`
  if (instead !== undefined) return broken(what, `put a mirror into ${where}, or ${instead}`, name)
  if (mayStandIn)
    return warning(`${what} A stand-in will be built.`, `nothing, or a mirror in ${where}.`, name)
  return broken(what, `put a mirror into ${where}, or on Debian or Ubuntu: ${standIn}`, name)
}
