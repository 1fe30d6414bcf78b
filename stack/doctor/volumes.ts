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

export const OF_VOLUMES = [volumes]

async function problemOf(container: string, folder: string): Promise<Result | undefined> {
  const words = ['exec', container, 'df', '-Pk', folder]
  const { exitCode, stdout, stderr } = await runBounded('docker', words)
  const free = exitCode === 0 ? freeIn(stdout) : undefined
  if (free === undefined) {
    const why = stderr.trim().split('\n').at(-1) || `df ended with ${exitCode}`
    const what = `What is free at ${folder} of ${container} is not known: ${why}.`
    return warning(what, `docker ${words.join(' ')}`, container)
  }
  if (free >= ENOUGH) return undefined
  const report = free >= LEAST ? warning : broken
  const what = `${free} MiB are free at ${folder} of ${container}.`
  return report(what, 'free some space there, or give its volume more.', container)
}

/** The MiB that df shows in its last line; undefined where there is no number. */
function freeIn(table: string): number | undefined {
  const available = table.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]
  const mebibytes = Math.floor(Number(available) / 1024)
  return Number.isNaN(mebibytes) ? undefined : mebibytes
}
