// What a run reports about its stack: a line when something is ready, and the same facts in a file for the sign-off.
import { writeAtomically } from '../../config/atomic-file.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import type { RunningContainer } from '../containers/container.ts'
import type { Progress } from '../postgres/database-pools.ts'

export interface StackReport extends Progress {
  addContainer(container: RunningContainer, image: ResolvedImage, version?: string): void
  /** A test waited so long for its database. */
  addLeaseWait(ms: number): void
  /** Prints what leases cost, and completes the file. */
  close(): void
}

/** The file of each kind of run; the seal reads them. */
export const STACK_REPORT_FILES = {
  specs: '.signoff/environment.json',
  prove: '.signoff/prove.json',
} as const

export interface ServiceFacts {
  service: string
  image: string
  origin: string
  version: string
  bootMs: number
}

interface StackReportOptions {
  /** Names the run from the start. */
  file?: string
  print?: (line: string) => void
}

/** To standard error, because standard output is the reporter's. */
const printLine = (line: string) => void process.stderr.write(`stack: ${line}\n`)

export function openStackReport(run: string, { file, print = printLine }: StackReportOptions): StackReport {
  const services: ServiceFacts[] = []
  const waits: number[] = []
  const write = (facts: object) => file !== undefined && writeAtomically(file, { run, ...facts })
  write({ state: 'INCOMPLETE', services })
  return {
    print,
    addContainer({ service, name, bootMs }, { reference, origin }, version = '') {
      services.push({ service, image: reference, origin, version, bootMs: Math.round(bootMs) })
      print(`${service} ${version} up in ${seconds(bootMs)} (${origin}, ${name})`)
    },
    async time(step, work) {
      const began = performance.now()
      const result = await work()
      print(`${step} ready in ${seconds(performance.now() - began)}`)
      return result
    },
    addLeaseWait: (ms) => void waits.push(ms),
    close() {
      waits.sort((a, b) => a - b)
      const lease = { count: waits.length, p50Ms: quantile(waits, 0.5), p95Ms: quantile(waits, 0.95) }
      if (waits.length > 0)
        print(`${lease.count} databases leased, wait p50 ${lease.p50Ms} ms, p95 ${lease.p95Ms} ms`)
      write({ state: 'COMPLETE', services, lease })
    },
  }
}

function quantile(sorted: number[], q: number): number {
  return Number((sorted[Math.ceil(sorted.length * q) - 1] ?? 0).toFixed(1))
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
