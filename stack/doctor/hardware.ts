// Checks of the machine itself: architecture, processors, memory, disk, clock.
import { CliError } from '../../config/cli-error.ts'
import type { DoctorContext } from './context.ts'
import { broken, type Check, ok, type Result, warning } from './finding.ts'
import { runBounded } from './run-bounded.ts'

const GIB = 2 ** 30

export const architecture: Check = {
  name: 'architecture',
  async run({ machine: { platform, architecture: name }, docker, variables }) {
    const engine = await docker()
    const wanted = variables.DOCKER_DEFAULT_PLATFORM
    if (wanted && !(engine instanceof CliError) && platformOf(wanted) !== `linux/${engine.architecture}`)
      return [
        broken(
          `DOCKER_DEFAULT_PLATFORM is ${wanted}, and the engine is linux/${engine.architecture}.`,
          'unset DOCKER_DEFAULT_PLATFORM',
          'DOCKER_DEFAULT_PLATFORM',
        ),
      ]
    if (['x64', 'arm64'].includes(name)) return [ok(`${platform}/${name}`)]
    return [
      broken(`Images are built for x64 and arm64, and this is ${name}.`, 'use a machine of one of these.'),
    ]
  },
}

/** As the engine spells it. A platform has more names than one: of 64-bit ARM, docker may write the variant v8 or leave it out. */
function platformOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/\/(?:aarch64|arm64)(?:\/v?8)?$/, '/arm64')
    .replace(/\/(?:x86[-_]64|amd64)(?:\/v1)?$/, '/amd64')
}

export const processors: Check = {
  name: 'processors',
  run({ machine: { processors: count } }) {
    if (count >= 2) return [ok(`${count}`)]
    return [
      warning('There is one processor; set-up and specs will be slow.', 'give this machine two or more.'),
    ]
  },
}

/** A machine that is sold with 4 GiB reports about 3.8: kernel and firmware take their part first. */
const ENOUGH_MEMORY_GIB = 3.7
/** The memory limits of the stack's services add up to less than 3 GiB, which they do not use all at once. */
const LEAST_MEMORY_GIB = 2

export const memory: Check = {
  name: 'memory',
  async run({ machine, docker }) {
    const engine = await docker()
    const engineBytes = engine instanceof CliError ? 0 : Number(engine.info.MemTotal ?? 0)
    const gib = Math.min(machine.memoryBytes, engineBytes || Number.POSITIVE_INFINITY) / GIB
    const amount = `${gib.toFixed(1)} GiB`
    if (gib >= ENOUGH_MEMORY_GIB) return [ok(amount)]
    const report = gib >= LEAST_MEMORY_GIB ? warning : broken
    return [
      report(
        `There are ${amount} of memory.`,
        'give the machine (or the virtual machine of its engine) 4 GiB or more.',
      ),
    ]
  },
}

/** GiB for images that are still to be pulled or built, and for a stack that only runs. */
const NEED_GIB = { images: 10, running: 2 }

/** The smallest of the folders that are written to: the project, the temporary folder, the engine's data. */
export const disk: Check = {
  name: 'disk',
  async run(context) {
    const need = context.needDiskGib ?? (await defaultNeed(context))
    const least = (await freeSpaces(context)).toSorted((one, other) => one.gib - other.gib)[0]
    if (least === undefined) return []
    const free = `${least.gib.toFixed(1)} GiB are free at ${least.folder}`
    if (least.gib >= 2 * need) return [ok(free)]
    const report = least.gib >= need ? warning : broken
    const next = 'free some space there (docker system df shows what the engine uses).'
    return [report(`${free}, and ${need} GiB are needed.`, next, least.folder)]
  },
}

async function defaultNeed({ missing }: DoctorContext): Promise<number> {
  const images = await missing()
  return Array.isArray(images) && images.length === 0 ? NEED_GIB.running : NEED_GIB.images
}

async function freeSpaces({ root, docker, machine, variables }: DoctorContext) {
  const engine = await docker()
  const folders = [
    root,
    variables.TMPDIR ?? machine.temporaryFolder,
    ...(engine instanceof CliError ? [] : [engine.dataFolder]),
  ]
  return folders.flatMap((folder) => {
    const bytes = machine.freeBytes(folder)
    return bytes === undefined ? [] : [{ folder, gib: bytes / GIB }]
  })
}

const SKEW_MS = 30_000

/** A wrong clock breaks certificates and sessions: it is not behind the newest commit, and agrees with the engine's. */
export const clock: Check = {
  name: 'clock',
  async run({ root, docker, machine: { nowMs } }) {
    const { stdout } = await runBounded('git', ['log', '-1', '--format=%ct'], root)
    const commitMs = Number(stdout || 0) * 1000
    if (commitMs > nowMs + SKEW_MS) return [clockIsBehind(nowMs, commitMs)]
    const engine = await docker()
    const engineMs = engine instanceof CliError ? nowMs : Date.parse(String(engine.info.SystemTime ?? ''))
    const skewMs = Math.abs(engineMs - nowMs)
    if (Number.isNaN(skewMs) || skewMs <= SKEW_MS) return [ok(format(nowMs))]
    return [
      warning(
        `The engine's clock is ${Math.round(skewMs / 1000)} s off.`,
        'restart the virtual machine of the engine.',
      ),
    ]
  },
}

export const OF_HARDWARE = [architecture, processors, memory, disk, clock]

function clockIsBehind(nowMs: number, commitMs: number): Result {
  const what = `The clock shows ${format(nowMs)}, and the newest commit is of ${format(commitMs)}.`
  return broken(what, 'set the clock (timedatectl set-ntp true).')
}

function format(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
