// The command line of `npm run prove`, and the faults and spec files that it selects. A criterion can have tests in several spec
// files, not only in the one beside its faults.
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { flag, readOptions, wrongUse } from '../../config/command-line.ts'
import { type Criterion, readList } from './acceptance-list.ts'
import { type Fault, isClusterWide } from './fault.ts'
import { criteriaIn } from './spec-files.ts'

const USAGE = 'npm run prove -- --help'
/** Part and number of parts, as `2/4`. */
export const PART = z.string().regex(/^[1-9]\d?\/[1-9]\d?$/, 'give a part and the number of parts, as 2/4.')
const OPTIONS = {
  '--fault <words>': z.string().optional(),
  '--all': flag,
  '--first': flag,
  '--shard <part>': PART.optional(),
  '--keep': flag,
  '--json': flag,
  '--after-specs': flag,
  '--help': flag,
  '[numbers...]': z.array(z.string()).default([]),
}

export type ProveOptions = ReturnType<typeof readProveOptions>

/** A fault and its file. */
export interface SelectedFault extends Fault {
  file: string
}

export interface Selection {
  criteria: Criterion[]
  faults: SelectedFault[]
  /** Spec files with a test of one of the criteria. */
  specFiles: string[]
}

export function readProveOptions(words: string[]) {
  return readOptions(words, USAGE, OPTIONS)
}

/** Throws CliError (exit 2) for a number that is not in the list, or words that no fault contains. */
export async function selectFaults({ numbers, fault, first, shard }: ProveOptions): Promise<Selection> {
  const { criteria } = readList()
  const unknown = numbers.find((number) => !criteria.some(({ id }) => isUnder(id, number)))
  if (unknown !== undefined)
    throw wrongUse(
      `There is no criterion, task or epic ${unknown}.`,
      USAGE,
      'give a number of docs/acceptance.md, or B1.',
    )
  const ofPart = new Set(criteria.filter((_, at) => isInPart(at, shard)).map(({ id }) => id))
  const isWanted = (id: string) =>
    ofPart.has(id) && (numbers.length === 0 || numbers.some((number) => isUnder(id, number)))
  const all = (await readFaults(criteria)).filter(({ criterion }) => isWanted(criterion))
  const matching = all.filter((each) => contains(each, fault))
  if (fault !== undefined && matching.length === 0)
    throw wrongUse(`No fault of these criteria contains '${fault}'.`, USAGE)
  const isSelected = (id: string) =>
    fault === undefined ? isWanted(id) : matching.some(({ criterion }) => criterion === id)
  return {
    criteria: criteria.filter(({ id }) => isSelected(id)),
    faults: first ? firstOfEach(matching) : matching,
    specFiles: globSync('specs/**/*.spec.ts')
      .filter((file) => [...criteriaIn([file])].some(isSelected))
      .sort(),
  }
}

/** Criteria are dealt to the parts in turn, because the faults of one epic take about equally long. */
export function isInPart(at: number, part = '1/1'): boolean {
  const [index = 1, count = 1] = part.split('/').map(Number)
  return at % count === index - 1
}

/** True for the criterion itself and for everything under an epic or a task. */
export function isUnder(id: string, number: string): boolean {
  return id === number || id.startsWith(`${number}.`)
}

function contains({ id, description }: Fault, words = ''): boolean {
  return `${id} ${description}`.toLowerCase().includes(words.toLowerCase())
}

/** One fault for each criterion: the first that stays inside its database, or else the first. */
function firstOfEach(faults: SelectedFault[]): SelectedFault[] {
  const local = faults.filter((fault) => !isClusterWide(fault))
  const sorted = [...local, ...faults.filter(isClusterWide)]
  return faults.filter((fault) => sorted.find(({ criterion }) => criterion === fault.criterion) === fault)
}

async function readFaults(criteria: Criterion[]): Promise<SelectedFault[]> {
  const all: SelectedFault[] = []
  for (const file of globSync('specs/**/*.faults.ts').sort()) {
    const { default: faults } = (await import(resolve(file))) as { default: Fault[] }
    const unknown = faults.find(({ criterion }) => !criteria.some(({ id }) => id === criterion))
    if (unknown) throw unknownCriterion(unknown, file)
    all.push(...faults.map((fault) => ({ ...fault, file })))
  }
  return all
}

function unknownCriterion({ id, criterion }: Fault, file: string): CliError {
  return new CliError({
    what: `The fault ${id} is for ${criterion}, which is not in the list.`,
    where: file,
    next: 'correct the number.',
    exitCode: EXIT.usage,
  })
}
