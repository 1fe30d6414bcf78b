// A process beside the run that outlives it. When its standard input closes, the run has ended, whichever way
// (green, red, Ctrl-C, kill -9), and everything it started on the engine goes. It replaces Ryuk: no image to
// pull and no engine socket inside a container. Imports wait until then, so that it costs a run nothing.
// What it cannot remove, because the engine is gone too, is left for the sweep of the next run.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

const SWEEP_WITHIN_MS = 60_000
const ATTEMPTS = 3

process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('SIGHUP', () => {})
process.stdin.resume()
await once(process.stdin, 'close')
setTimeout(() => process.exit(3), SWEEP_WITHIN_MS)
const { sweepRun } = await import('./sweep.ts')
for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
  const isSwept = await sweepRun(String(process.argv[2])).then(
    () => true,
    () => false,
  )
  if (isSwept) process.exit(0)
  await pause(300)
}
process.exit(3)
