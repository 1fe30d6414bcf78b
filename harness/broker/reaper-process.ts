// Starts the reaper of a run (containers/reaper.ts).
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const REAPED_WITHIN_MS = 20_000

/** Start it before anything is on the engine, so that nothing of a killed run is left. */
export function startReaper(run: string): { finish(): Promise<boolean> } {
  const program = join(import.meta.dirname, '../containers/reaper.ts')
  const child = spawn(process.execPath, [program, run], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => {})
  child.unref()
  return {
    /** True once everything of the run is removed. */
    async finish() {
      const exitCode = new Promise<number | null>((resolve) => child.once('exit', resolve))
      child.ref()
      child.stdin.end()
      const late = new Promise<null>((resolve) => setTimeout(resolve, REAPED_WITHIN_MS, null).unref())
      return (await Promise.race([exitCode, late])) === 0
    },
  }
}
