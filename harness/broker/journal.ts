// What the run says about its own stack: a line when something is up, and the same facts for the sign-off.

import { writeAtomically } from '../../config/atomic-file.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import type { RunningContainer } from '../containers/container.ts'

export interface Journal {
  say(line: string): void
  booted(container: RunningContainer, image: ResolvedImage, version?: string): void
  time<T>(step: string, work: () => Promise<T>): Promise<T>
  waited(ms: number): void
  /** Says what leases cost and writes the facts to the file. */
  close(): void
}

/** Where the facts of a run go, by what it ran for; the seal reads them. */
export const ENVIRONMENT = { specs: '.signoff/environment.json', prove: '.signoff/prove.json' } as const

interface Booted {
  service: string
  image: string
  origin: string
  version: string
  bootMs: number
}

/** Writes to standard error, so that standard output stays the reporter's. The file names the run from its first moment. */
export function openJournal(run: string, file?: string): Journal {
  const services: Booted[] = []
  const waits: number[] = []
  const say = (line: string) => void process.stderr.write(`stack: ${line}\n`)
  keep(file, { run, state: 'INCOMPLETE', services })
  return {
    say,
    booted({ service, name, bootMs }, { reference, origin }, version = '') {
      services.push({ service, image: reference, origin, version, bootMs: Math.round(bootMs) })
      say(`${service} ${version} up in ${seconds(bootMs)} (${origin}, ${name})`)
    },
    async time(step, work) {
      const began = performance.now()
      const result = await work()
      say(`${step} ready in ${seconds(performance.now() - began)}`)
      return result
    },
    waited: (ms) => void waits.push(ms),
    close() {
      waits.sort((a, b) => a - b)
      const lease = { count: waits.length, p50Ms: quantile(waits, 0.5), p95Ms: quantile(waits, 0.95) }
      if (waits.length > 0)
        say(`${lease.count} databases leased, wait p50 ${lease.p50Ms} ms, p95 ${lease.p95Ms} ms`)
      keep(file, { run, state: 'COMPLETE', services, lease })
    },
  }
}

function keep(file: string | undefined, facts: unknown): void {
  if (file !== undefined) writeAtomically(file, facts)
}

function quantile(sorted: number[], q: number): number {
  return Number((sorted[Math.ceil(sorted.length * q) - 1] ?? 0).toFixed(1))
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
