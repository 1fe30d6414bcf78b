// Makes images be there: takes what the engine has, pulls what is locked, builds what cannot be pulled. What does not stand
// on something else goes side by side, and nothing is made twice.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CliError } from '../../config/cli-error.ts'
import type { Engine } from '../engine/find.ts'
import { type Catalog, findThere } from './catalog.ts'
import { claimBuilding } from './claim.ts'
import { readShelf, type Shelf } from './shelf.ts'
import { type Made, openWorkshop } from './workshop.ts'

export interface EnsurePlan {
  engine: Engine
  catalog: Catalog
  say: (line: string) => void
  signal: AbortSignal
}

/** Resolves when every named image is on the engine. When one cannot be had the others still are; then its Trouble is thrown. */
export async function ensureImages(names: string[], plan: EnsurePlan): Promise<Made[]> {
  const there = whatIsThere(names, plan.catalog, await readShelf(plan.engine))
  if (there.length === names.length) return there
  using _claim = await claimBuilding(plan.engine.host, plan.say, plan.signal)
  await removeAbandoned()
  const folder = await mkdtemp(join(tmpdir(), 'hma-images-'))
  try {
    const obtain = obtainer(plan, await readShelf(plan.engine), folder)
    const results = await Promise.allSettled(names.map(obtain))
    plan.signal.throwIfAborted()
    return orThrow(results, plan.say)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Several images may fail for one reason, or each for its own: all are said, the first is thrown. */
function orThrow(results: PromiseSettledResult<Made>[], say: (line: string) => void): Made[] {
  const [first, ...others] = new Set(
    results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  )
  for (const other of others) say(other instanceof CliError ? other.line : String(other))
  if (first !== undefined) throw first
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

function whatIsThere(names: string[], catalog: Catalog, shelf: Shelf): Made[] {
  const found = names.map((name) => findThere(catalog, shelf, name)).filter((image) => image !== undefined)
  return found.map((image) => ({ image, state: 'there', seconds: 0 }))
}

/** Only the holder of the claim has a folder of this name: any other belonged to a process that was killed. */
async function removeAbandoned(): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => /^hma-images-\w{6}$/.test(name))
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })))
}

function obtainer(plan: EnsurePlan, shelf: Shelf, folder: string): (name: string) => Promise<Made> {
  const get = openWorkshop({ ...plan, shelf, folder })
  const obtain = async (name: string): Promise<Made> => {
    const ours = plan.catalog.ours(name)
    const there = findThere(plan.catalog, shelf, name)
    const ways = ours ? [ours.on((await obtain(ours.base)).image)] : plan.catalog.candidates(name)
    for (const image of there ? [there] : ways) {
      const made = await get(image)
      if (made !== 'unreachable') return made
    }
    throw onlyLocked(name)
  }
  return obtain
}

function onlyLocked(name: string): CliError {
  return new CliError({
    what: `${name} cannot be pulled, and HMA_IMAGES=locked allows no stand-in.`,
    where: 'what its registry said stands above',
    next: `unset HMA_IMAGES, or scripts/images.sh ensure --stand-ins ${name}`,
    exitCode: 3,
  })
}
