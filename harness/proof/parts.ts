// A run of the specs that is split over several machines: each leaves a part, and all of them together make one record.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError } from '../../config/cli-error.ts'
import { type ServiceFacts, STACK_REPORT_FILES } from '../broker/stack-report.ts'
import { readList } from './acceptance-list.ts'
import { CAUGHT_FAULTS, type CaughtFaults, readCaughtFaults } from './caught-faults.ts'
import { ACCEPT_EXIT } from './decision.ts'
import { type Environment, readEnvironment, removeLeftovers } from './leftovers.ts'
import { type RunRecord, readRunRecord, readSubject } from './run-record.ts'

export const PARTS = '.signoff/parts'
/** Vitest takes every file of a folder for a report. */
export const REPORTS = '.signoff/reports'

export interface Part {
  /** As `1/4`. */
  part: string
  run: RunRecord
  /** Of Vitest's report of this part. */
  reportHash: string
  caughtFaults: CaughtFaults
  /** The services of its specs. */
  environment: Environment
  specsExit: number
  proveExit: number
}

/** Where Vitest writes the report of a part. */
export function reportFile(part: string): string {
  return `${PARTS}/report-${part.replace('/', '-')}.json`
}

/** Writes what this machine found. Throws CliError when its run did not end, was of another part, or left something behind. */
export async function closePart(part: string, exits: Pick<Part, 'specsExit' | 'proveExit'>): Promise<void> {
  const run = readRunRecord()
  if (run.state !== 'COMPLETE') throw refused('The run of this part did not end.')
  if (run.part !== part) throw refused(`The last run was of part ${run.part ?? '1/1'}, and not of ${part}.`)
  const leftovers = await removeLeftovers()
  if (leftovers.length > 0) throw refused(`The run left behind: ${leftovers.join(', ')}.`)
  const closed: Part = {
    part,
    run,
    reportHash: hashOf(reportFile(part)),
    caughtFaults: readCaughtFaults(),
    environment: readEnvironment('specs'),
    ...exits,
  }
  writeAtomically(`${PARTS}/part-${part.replace('/', '-')}.json`, closed)
}

/** Checks that the parts are one whole of this commit, and puts what they found where the rest expects it of one machine. */
export function joinParts(): Pick<Part, 'specsExit' | 'proveExit'> {
  const parts = globSync(`${PARTS}/part-*.json`).sort().map(readPart)
  requireWhole(parts.map(({ part }) => part))
  rmSync(REPORTS, { recursive: true, force: true })
  mkdirSync(REPORTS, { recursive: true })
  for (const { part } of parts) copyFileSync(reportFile(part), `${REPORTS}/${basename(reportFile(part))}`)
  writeAtomically(STACK_REPORT_FILES.specs, { services: servicesOf(parts) })
  writeAtomically(CAUGHT_FAULTS, Object.assign({}, ...parts.map(({ caughtFaults }) => caughtFaults)))
  return {
    specsExit: worst(parts.map(({ specsExit }) => specsExit)),
    proveExit: worst(parts.map(({ proveExit }) => proveExit)),
  }
}

function readPart(file: string): Part {
  const part: Part = JSON.parse(readFileSync(file, 'utf8'))
  const { commit, tree, clean } = readSubject()
  const { subject, listHash } = part.run
  if (basename(file) !== `part-${part.part.replace('/', '-')}.json`)
    throw refused(`It is part ${part.part}.`, file)
  if (subject.commit !== commit || subject.tree !== tree) throw refused('It is of another commit.', file)
  if (!subject.clean || !clean) throw refused('It is of a tree that is not clean.', file)
  if (listHash !== readList().hash) throw refused('It is of another acceptance list.', file)
  if (part.reportHash !== hashOf(reportFile(part.part))) throw refused('Its report is of another run.', file)
  return part
}

/** Each of the parts once, all of the same whole. */
function requireWhole(parts: string[]): void {
  const counts = new Set(parts.map((part) => part.split('/')[1]))
  const [count] = counts
  if (count === undefined) throw refused('There is no part.')
  if (counts.size > 1) throw refused(`They are parts of different wholes: ${parts.join(', ')}.`)
  const all = Array.from({ length: Number(count) }, (_, at) => `${at + 1}/${count}`)
  const missing = all.filter((part) => !parts.includes(part))
  if (missing.length > 0) throw refused(`Missing: part ${missing.join(', ')}.`)
  if (parts.length > all.length) throw refused(`There are ${parts.length} parts of ${count}.`)
}

/** The services of all parts, each once. Throws CliError when one was another on another machine: no single machine has both. */
function servicesOf(parts: Part[]): ServiceFacts[] {
  const services = new Map<string, ServiceFacts>()
  for (const { part, environment } of parts)
    for (const facts of environment.services ?? []) {
      const { service, image, version } = services.get(facts.service) ?? facts
      if (image !== facts.image || version !== facts.version)
        throw refused(`Part ${part} ran another image or version of ${service}.`)
      if (!services.has(service)) services.set(service, facts)
    }
  return [...services.values()]
}

function worst(exitCodes: number[]): number {
  return exitCodes.find((code) => code !== 0) ?? 0
}

function hashOf(file: string): string {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : ''
}

function refused(what: string, where: string = PARTS): CliError {
  return new CliError({ what, where, next: 'run that part again.', exitCode: ACCEPT_EXIT.environment })
}
