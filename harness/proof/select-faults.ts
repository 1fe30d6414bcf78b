// Which faults are asked for, and in which spec files the tests of their criteria stand: not only in the one beside them.
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CliError } from '../../config/cli-error.ts'
import { type Criterion, readList } from './acceptance-list.ts'
import { isClusterWide } from './batches.ts'
import type { Fault } from './fault.ts'
import { criteriaIn } from './spec-files.ts'

export interface FaultFile {
  file: string
  faults: Fault[]
}

export interface ProveOptions {
  criteria: Criterion[]
  faultFiles: FaultFile[]
  /** Spec files with a test of one of the criteria. */
  specFiles: string[]
  json: boolean
  /** Whether the last run of the specs may stand for the baseline. */
  afterSpecs: boolean
}

const WRONG_USE = 2

/** What the words of the command line ask for. Throws CliError (exit 2) for a number or an option there is not. */
export async function readProveOptions(words: string[]): Promise<ProveOptions> {
  const { values, positionals } = parseWords(words)
  const { criteria } = readList()
  const unknown = positionals.find((word) => !criteria.some(({ id }) => isAsked(id, word)))
  if (unknown !== undefined) throw noSuchCriterion(unknown)
  const asked = criteria.filter(
    ({ id }) => positionals.length === 0 || positionals.some((word) => isAsked(id, word)),
  )
  const faultFiles = await readFaultFiles(criteria)
  const isOurs = (id: string) => asked.some((criterion) => criterion.id === id)
  return {
    criteria: asked,
    faultFiles: (values.first ? firstOfEach(faultFiles) : faultFiles).map(({ file, faults }) => ({
      file,
      faults: faults.filter(({ criterion }) => isOurs(criterion)),
    })),
    specFiles: globSync('specs/**/*.spec.ts')
      .filter((file) => [...criteriaIn([file])].some(isOurs))
      .sort(),
    json: values.json,
    afterSpecs: values['after-specs'],
  }
}

/** One fault for each criterion: its first, and one that stays inside its database before one that does not. */
function firstOfEach(faultFiles: FaultFile[]): FaultFile[] {
  const all = faultFiles.flatMap(({ faults }) => faults)
  const chosen = new Map<string, Fault>()
  for (const fault of [...all.filter((each) => !isClusterWide(each)), ...all.filter(isClusterWide)])
    if (!chosen.has(fault.criterion)) chosen.set(fault.criterion, fault)
  const ids = new Set([...chosen.values()].map(({ id }) => id))
  return faultFiles.map(({ file, faults }) => ({
    file,
    faults: faults.filter(({ id }) => ids.has(id)),
  }))
}

/** True for the criterion itself and for everything under an epic or a task. */
export function isAsked(id: string, word: string): boolean {
  return id === word || id.startsWith(`${word}.`)
}

function parseWords(args: string[]) {
  try {
    const options = {
      json: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
      'after-specs': { type: 'boolean', default: false },
    } as const
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    const what = `${(error as Error).message.split('. ')[0]}.`
    const next = 'npm run prove [criterion|task|epic …] [-- --first] [-- --json]'
    throw new CliError({ what, where: 'npm run prove', next, exitCode: WRONG_USE })
  }
}

async function readFaultFiles(criteria: Criterion[]): Promise<FaultFile[]> {
  const faultFiles: FaultFile[] = []
  for (const file of globSync('specs/**/*.faults.ts').sort()) {
    const { default: faults } = (await import(resolve(file))) as { default: Fault[] }
    const stranger = faults.find(({ criterion }) => !criteria.some(({ id }) => id === criterion))
    if (stranger) throw unknownCriterion(stranger, file)
    faultFiles.push({ file, faults })
  }
  return faultFiles
}

function noSuchCriterion(word: string): CliError {
  return new CliError({
    what: `There is no criterion, task or epic ${word}.`,
    where: 'npm run prove',
    next: 'give a number of docs/acceptance.md, or B1.',
    exitCode: WRONG_USE,
  })
}

function unknownCriterion({ id, criterion }: Fault, file: string): CliError {
  return new CliError({
    what: `The fault ${id} is for ${criterion}, which is not in the list.`,
    where: file,
    next: 'mend the number.',
    exitCode: WRONG_USE,
  })
}
