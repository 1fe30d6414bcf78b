// What our own runs left on the engine.
import { existsSync, readFileSync } from 'node:fs'
import { type ServiceFacts, STACK_REPORT_FILES } from '../broker/stack-report.ts'

export interface Environment {
  run?: string
  services?: ServiceFacts[]
}

/** The services that ran and what they report of themselves; empty when none was started. */
export function readEnvironment(purpose: keyof typeof STACK_REPORT_FILES): Environment {
  const path = STACK_REPORT_FILES[purpose]
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** Removes what our own runs left on the engine and names it. Leftovers of other runs are swept by the next run. */
export async function removeLeftovers(): Promise<string[]> {
  const runs = [readEnvironment('specs').run, readEnvironment('prove').run].filter((run) => run !== undefined)
  const { sweepRun } = await import('../containers/sweep.ts')
  return (await Promise.all(runs.map(sweepRun))).flat()
}
