// Which images are there, and for those that are not, whether their registry lets this engine have them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, pathOf } from './bounded.ts'
import type { Docker } from './docker.ts'
import { type Finding, voiceOf } from './finding.ts'
import type { Room } from './room.ts'

const STATUS_WITHIN_MS = 30_000

/** Names of the images that are not there; undefined where that cannot be told (no engine, no dependencies). */
export async function missingImages(root: string): Promise<string[] | string | undefined> {
  const { stdout, stderr, exitCode } = await ask(join(root, 'scripts/images.sh'), ['status', '--json'], {
    cwd: root,
    withinMs: STATUS_WITHIN_MS,
  })
  if (exitCode === 2) return stderr.trim()
  const images = /"images":/.test(stdout) ? (JSON.parse(stdout) as { images: Image[] }).images : undefined
  return images?.filter(({ origin }) => origin === null).map(({ name }) => name)
}

interface Image {
  name: string
  origin: string | null
}

export async function images(room: Room): Promise<Finding[]> {
  const voice = voiceOf('images')
  const missing = await room.missing()
  if (missing === undefined) return []
  if (typeof missing === 'string') return missing.split('\n').map((line) => refused(line))
  if (missing.length === 0) return [voice.ok('all there')]
  return [
    voice.warning(
      `Not there yet: ${missing.join(', ')}.`,
      'scripts/images.sh ensure, or the set-up, which does that.',
    ),
  ]
}

function refused(line: string): Finding {
  const [what = '', next = 'scripts/images.sh status'] = line.replace(/^images\.sh: /, '').split(' Next: ')
  return voiceOf('images').broken(what, next)
}

/** For each locked image that is missing: can the engine get it? A stand-in is the way out where one can be built. */
export async function registries({ root, docker: meet, missing: look, variables }: Room): Promise<Finding[]> {
  const [docker, missing] = [await meet(), await look()]
  if (typeof docker === 'string' || !Array.isArray(missing) || variables.HMA_IMAGES === 'stand-ins') return []
  const locked = readLock(root).filter(({ name }) => missing.includes(name))
  const mayStandIn = variables.HMA_IMAGES !== 'locked' && pathOf('apt-get') !== undefined
  const found = await Promise.all(locked.map((image) => findingOf(image, docker, mayStandIn)))
  const unreachable = found.filter((finding) => finding !== undefined)
  if (unreachable.length > 0 || locked.length === 0) return unreachable
  return [voiceOf('registries').ok(`${locked.map(({ name }) => name).join(', ')} can be pulled`)]
}

interface Locked {
  name: string
  reference: string
  line: number
}

/** The first two columns; scripts/images.sh is who reads the file strictly. */
function readLock(root: string): Locked[] {
  const lines = readFileSync(join(root, 'docker/images.lock'), 'utf8').split('\n')
  return lines.flatMap((content, at) => {
    const [name = '#', reference = ''] = content.trim().split(/\s+/)
    return name.startsWith('#') || name === '' ? [] : [{ name, reference, line: at + 1 }]
  })
}

/** Answers of a registry that is there, and says no. */
const REFUSALS = [401, 403, 404]

async function findingOf({ name, reference, line }: Locked, docker: Docker, mayStandIn: boolean) {
  const voice = voiceOf('registries')
  const { status, said } = await docker.manifest(reference)
  if (status === 200) return undefined
  const registry = reference.slice(0, reference.indexOf('/'))
  const standIn = `HMA_IMAGES=auto scripts/images.sh ensure --stand-ins ${name}`
  const where = `docker/images.lock:${line}`
  if (REFUSALS.includes(status))
    return voice.broken(
      `${registry} refuses the image ${name}: ${said}`,
      `correct ${where}, or ${standIn}`,
      name,
    )
  const what = `${registry} cannot be reached for the image ${name} (${said.split('\n')[0]}).`
  if (mayStandIn)
    return voice.warning(`${what} A stand-in will be built.`, `nothing, or a mirror in ${where}.`, name)
  return voice.broken(what, `put a mirror into ${where}, or on Debian or Ubuntu: ${standIn}`, name)
}
