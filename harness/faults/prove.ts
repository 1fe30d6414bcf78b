// `npm run prove [criterion|task|epic …] [-- --json]`: plants each fault alone and demands that its criterion's spec fails
// by assertion. One stack for all of them. Exit codes: 0 every fault caught and every criterion with a spec has one · 1 a
// fault was not caught · 2 wrong use, or a criterion without a fault · 3 the baseline is not green, or the stack is broken.
import { numberOf } from '../signoff/list.ts'
import { lineOf, Trouble } from '../trouble.ts'
import { type Chapter, type Errand, readErrand } from './chapters.ts'
import type { Fault } from './fault.ts'
import { basisOf, readRed, writeRed } from './red.ts'
import { openTrials, type Trials } from './trial.ts'
import { judge, type Proof } from './verdict.ts'

const EXIT = { caught: 0, notCaught: 1, usage: 2, baseline: 3 } as const

process.exitCode = await prove(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`prove: ${lineOf(error)}\n`)
  return error instanceof Trouble ? error.exitCode : EXIT.baseline
})
process.exit()

async function prove(words: string[]): Promise<number> {
  const began = performance.now()
  const errand = await readErrand(words)
  const total = errand.chapters.reduce((sum, { faults }) => sum + faults.length, 0)
  await using trials = await openTrials()
  const homes = await runBaseline(trials, errand)
  let caught = 0
  let tried = 0
  for (const chapter of errand.chapters) {
    for (const fault of chapter.faults) {
      const files = homes.get(fault.criterion) ?? []
      const isCaught = await proveOne(trials, chapter, fault, files, errand, `${++tried}/${total}`)
      caught += isCaught ? 1 : 0
    }
  }
  const bare = bareCriteria(errand, homes)
  printTotal({ caught, notCaught: total - caught, bare, seconds: secondsSince(began) }, errand.json)
  return caught < total ? EXIT.notCaught : bare.length > 0 ? EXIT.usage : EXIT.caught
}

/** Everything must be green without a fault. Returns the files in which each criterion has tests. */
async function runBaseline(
  trials: Trials,
  { criteria, specFiles, json }: Errand,
): Promise<Map<string, string[]>> {
  const began = performance.now()
  if (specFiles.length === 0) return new Map()
  const ids = criteria.map(({ id }) => id)
  const { tests, unhandled } = await trials.run(ids, specFiles)
  const red = tests.find(({ state }) => state !== 'passed')
  if (red) throw notGreen(`${red.title}: ${lineOf(red.errors[0] ?? red.state)}`)
  if (unhandled.length > 0) throw notGreen(`an error outside of tests: ${lineOf(unhandled[0])}`)
  const homes = Map.groupBy(tests, ({ title }) => numberOf(title) ?? '')
  if (!json)
    console.log(`baseline green: ${tests.length} tests of ${homes.size} criteria in ${secondsSince(began)} s`)
  return new Map([...homes].map(([id, own]) => [id, [...new Set(own.map(({ file }) => file))]]))
}

async function proveOne(
  trials: Trials,
  { faultsFile }: Chapter,
  fault: Fault,
  files: string[],
  { criteria, json }: Errand,
  progress: string,
): Promise<boolean> {
  const began = performance.now()
  const { tests, unhandled } =
    files.length === 0 ? { tests: [], unhandled: [] } : await trials.run([fault.criterion], files, fault)
  const proof = judge(fault.id, tests, unhandled)
  print(fault, proof, secondsSince(began), json, progress)
  const sentence = criteria.find(({ id }) => id === fault.criterion)?.sentence ?? ''
  remember(fault, proof, [...files, faultsFile], sentence)
  return proof.verdict === 'caught'
}

function bareCriteria({ criteria, chapters }: Errand, homes: ReadonlyMap<string, string[]>): string[] {
  const withFault = new Set(chapters.flatMap(({ faults }) => faults.map(({ criterion }) => criterion)))
  return criteria.map(({ id }) => id).filter((id) => homes.has(id) && !withFault.has(id))
}

function print(fault: Fault, proof: Proof, seconds: string, json: boolean, progress: string): void {
  const { id, criterion, breaks } = fault
  const { verdict, note } = proof
  if (json) {
    console.log(JSON.stringify({ id, criterion, breaks, ...proof, seconds: Number(seconds) }))
    return
  }
  const mark = verdict === 'caught' ? '✓' : '✗'
  const why = verdict === 'caught' ? '' : `: ${note}`
  console.log(
    `${progress.padStart(7)} ${mark} ${criterion.padEnd(7)} ${verdict.padEnd(11)} ${seconds.padStart(4)} s  ${breaks}${why}`,
  )
}

function printTotal(
  total: { caught: number; notCaught: number; bare: string[]; seconds: string },
  json: boolean,
): void {
  const { caught, notCaught, bare, seconds } = total
  if (json) {
    console.log(JSON.stringify({ ...total, seconds: Number(seconds) }))
    return
  }
  for (const id of bare) console.log(`        ${id} has a spec and no fault`)
  console.log(
    `${caught} caught, ${notCaught} not caught, ${bare.length} criteria without a fault, in ${seconds} s`,
  )
}

function remember({ id, criterion, breaks }: Fault, proof: Proof, files: string[], sentence: string): void {
  const { [id]: _, ...others } = readRed()
  const at = new Date().toISOString()
  const entry = { criterion, breaks, caughtBy: proof.note, files, basis: basisOf(sentence, files), at }
  writeRed(proof.verdict === 'caught' ? { ...others, [id]: entry } : others)
}

function notGreen(what: string): Trouble {
  return new Trouble({
    what: `It is not green without a fault: ${what}`,
    where: 'the baseline',
    next: 'npx vitest run --project acceptance',
    exitCode: EXIT.baseline,
  })
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
