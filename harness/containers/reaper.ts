// A process that runs beside a test run and outlives it. When its standard input closes, the run has ended (green, red,
// Ctrl-C or kill -9), and the reaper removes everything that the run started. It replaces Ryuk: no image to pull and no
// engine socket inside a container. It imports the sweep only then, so that it slows no run down. What it cannot remove,
// because the engine has stopped too, the sweep of the next run removes.
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
  const isRemoved = await sweepRun(String(process.argv[2])).then(
    () => true,
    () => false,
  )
  if (isRemoved) process.exit(0)
  await pause(300)
}
process.exit(3)
