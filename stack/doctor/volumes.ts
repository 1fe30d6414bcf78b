// How much space is left inside of the volumes, which may be on another disk than the engine, or have a limit of their own.
import { CliError } from '../../config/cli-error.ts'
import { broken, type Check, ok, type Result, warning } from './finding.ts'
import { runBounded } from './run-bounded.ts'

/** In MiB. Postgres keeps a segment of 16 MiB ahead, and stops when it cannot write the next one. */
const ENOUGH = 512
const LEAST = 64

export const volumes: Check = {
  name: 'volumes',
  async run({ docker, containers, project }) {
    if ((await docker()) instanceof CliError) return []
    const own = (await containers()).filter((each) => each.project === project && each.status === 'running')
    const mounts = own.flatMap(({ name, volumes }) => volumes.map((folder) => ({ name, folder })))
    const results = await Promise.all(mounts.map(({ name, folder }) => problemOf(name, folder)))
    const problems = results.filter((result) => result !== undefined)
    return problems.length > 0 ? problems : [ok(`${mounts.length} volumes of running containers have space`)]
  },
}

async function problemOf(container: string, folder: string): Promise<Result | undefined> {
  const { stdout } = await runBounded('docker', ['exec', container, 'df', '-Pk', folder])
  const free = stdout.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]
  const mebibytes = Math.floor(Number(free) / 1024)
  if (free === undefined || Number.isNaN(mebibytes) || mebibytes >= ENOUGH) return undefined
  const report = mebibytes >= LEAST ? warning : broken
  const what = `${mebibytes} MiB are free at ${folder} of ${container}.`
  return report(what, 'free some space there, or give its volume more.', container)
}
