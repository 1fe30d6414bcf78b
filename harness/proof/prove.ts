// `npm run prove [criterion|task|epic …] [-- --first] [-- --json] [-- --after-specs]`: plants each fault, or the first of each
// criterion, and demands that its criterion's spec fails by assertion. One stack for all of them. With --after-specs a full run
// of the specs that has just been green on this very commit is the baseline. Exit codes: 0 every fault caught and every criterion with a spec has one · 1 a
// fault was not caught · 2 wrong use, or a criterion without a fault · 3 the baseline is not green, or the stack is broken.

import { CliError, lineOf } from '../../config/cli-error.ts'
import { numberOf } from './acceptance-list.ts'
import { lastRun, NOT_GREEN, runBaseline, type SpecFilesByCriterion } from './baseline.ts'
import { batchesOf } from './batches.ts'
import type { Fault } from './fault.ts'
import { type FaultRunner, openFaultRunner } from './fault-runner.ts'
import { type FaultResult, judgeFault } from './fault-verdict.ts'
import { openAccount } from './progress.ts'
import { readProveOptions } from './select-faults.ts'

const EXIT = { caught: 0, notCaught: 1, usage: 2, baseline: NOT_GREEN } as const

export interface Tried {
  fault: Fault
  proof: FaultResult
  files: string[]
  seconds: number
}

process.exitCode = await prove(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`prove: ${lineOf(error)}\n`)
  return error instanceof CliError ? error.exitCode : EXIT.baseline
})
process.exit()

async function prove(words: string[]): Promise<number> {
  const errand = await readProveOptions(words)
  const faults = errand.faultFiles.flatMap((chapter) => chapter.faults)
  const account = openAccount(errand, faults.length)
  await using trials = await openFaultRunner()
  const homes = (errand.afterSpecs ? lastRun(errand) : undefined) ?? (await runBaseline(trials, errand))
  account.baseline(homes.size)
  let caught = 0
  for (const round of batchesOf(faults)) {
    const tried = await tryRound(trials, round, homes)
    for (const each of tried) account.tell(each)
    caught += tried.filter(({ proof }) => proof.verdict === 'caught').length
  }
  const bare = [...homes.keys()].filter((id) => !faults.some(({ criterion }) => criterion === id))
  account.total(caught, bare)
  return caught < faults.length ? EXIT.notCaught : bare.length > 0 ? EXIT.usage : EXIT.caught
}

/** Runs the tests of all of them together. An error outside of tests could be anybody's, so then each is tried alone. */
async function tryRound(trials: FaultRunner, round: Fault[], homes: SpecFilesByCriterion): Promise<Tried[]> {
  const files = [...new Set(round.flatMap(({ criterion }) => homes.get(criterion) ?? []))]
  const ids = round.map(({ criterion }) => criterion)
  const { tests, unhandled } =
    files.length === 0 ? { tests: [], unhandled: [] } : await trials.run(ids, files, round)
  if (unhandled.length > 0 && round.length > 1) {
    const alone: Tried[] = []
    for (const fault of round) alone.push(...(await tryRound(trials, [fault], homes)))
    return alone
  }
  return round.map((fault) => {
    const own = tests.filter(({ title }) => numberOf(title) === fault.criterion)
    return {
      fault,
      proof: judgeFault(fault.id, own, unhandled),
      files: homes.get(fault.criterion) ?? [],
      seconds: own.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
    }
  })
}
