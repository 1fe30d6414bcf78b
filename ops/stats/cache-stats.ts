// What Redis (or Valkey) is doing now; scripts/cache-stats.sh --help is its manual.
import { numberBetween } from '../../config/command-line.ts'
import { announce, locateRedis } from '../../config/locate.ts'
import { runProgram } from '../../config/program.ts'
import { askCache, nameOf, readFigures } from './cache.ts'
import { renderCache } from './cache-figures.ts'
import { readStatsOptions } from './options.ts'
import { runMeasurement } from './program.ts'

await runProgram('cache-stats', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const options = readStatsOptions(words, 'cache-stats', {
    '--keys <number>': numberBetween(0, 10_000_000, 'a number of keys').default(100_000),
  })
  const url = announce(await locateRedis(process.env, 'monitor'), options.json)
  return runMeasurement(
    {
      server: nameOf(url),
      measure: (limit) => askCache(url, limit, (client) => readFigures(client, options.keys, limit)),
      render: renderCache,
    },
    options,
  )
}
