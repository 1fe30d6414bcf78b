// Removes containers that are half made. Compose makes a container and then puts it on its networks; killed in between, it
// leaves one that it takes for whole ever after (seen with 2.26), though nobody reaches it. Its data are in volumes.
// Usage: docker compose config --format json | node setup/half-made.ts PROJECT
import { text } from 'node:stream/consumers'
import { CliError } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { succeed } from './child.ts'
import { containersOf, halfMade, type Model, networksOf } from './containers.ts'

const WITHIN_MS = 60_000

try {
  const [, , project = ''] = process.argv
  const rendered = await text(process.stdin)
  // Where nothing was rendered compose has said why.
  const wanted = rendered === '' ? new Map() : networksOf(JSON.parse(rendered) as Model)
  const found = halfMade(wanted, await containersOf(project, ROOT))
  const words = ['rm', '--force', ...found.map(({ id }) => id)]
  if (found.length > 0) await succeed('docker', words, { root: ROOT, withinMs: WITHIN_MS })
} catch (error) {
  if (!(error instanceof CliError)) throw error
  process.stderr.write(`${error.linesFor('compose.sh')}\n`)
  process.exitCode = error.exitCode
}
