// The loader's command line; scripts/seed.sh --help is its manual.
import { flag, oneOf, readOptions } from '../config/command-line.ts'
import { announce, locateDatabase } from '../config/locate.ts'
import { connect } from '../config/postgres.ts'
import { runProgram } from '../config/program.ts'
import { type LoadedSeed, loadSeeds, readSeeds, SEEDS } from './load.ts'

const OPTIONS = { '<seed>': oneOf([...SEEDS, 'all']), '--json': flag }
const CONNECTION = {
  applicationName: 'hma seed',
  refuseSuperuser: true,
  ...{ statementTimeoutMs: 50_000, lockTimeoutMs: 10_000 },
}

await runProgram('seed', async (words) => {
  const { seed, json } = readOptions(words, 'scripts/seed.sh --help', OPTIONS)
  const seeds = seed === 'all' ? SEEDS : [seed]
  // A file that cannot be read is reported before a database is asked.
  readSeeds(seeds)
  const url = announce(await locateDatabase(process.env, 'hma_migrator'), json)
  const client = await connect(url, CONNECTION)
  try {
    const loaded = await loadSeeds(client, seeds, (each) =>
      process.stderr.write(`${json ? JSON.stringify({ event: 'loaded', ...each }) : describe(each)}\n`),
    )
    if (json) process.stdout.write(`${JSON.stringify({ loaded })}\n`)
    return 0
  } finally {
    client.end().catch(() => {})
  }
})

function describe({ seed, rows, milliseconds }: LoadedSeed): string {
  return `${seed}: ${rows === 0 ? 'nothing new' : `${rows} new rows`} in ${milliseconds} ms`
}
