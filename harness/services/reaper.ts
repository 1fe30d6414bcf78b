// A process beside the run that outlives it. When its standard input closes, the run has ended, whichever way
// (green, red, Ctrl-C, kill -9), and everything it started on the engine goes. It replaces Ryuk: no image to
// pull and no engine socket inside a container. Imports wait until then, so that it costs a run nothing.
import { once } from 'node:events'

process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.stdin.resume()
await once(process.stdin, 'close')
const { sweepRun } = await import('./sweep.ts')
await sweepRun(String(process.argv[2]))
process.exit(0)
