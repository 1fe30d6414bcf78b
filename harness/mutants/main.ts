// `npm run mutants`: generates defects from the live catalog, injects each, and tests it with the criteria that stand on its object.

import { z } from 'zod'
import { CliError } from '../../config/cli-error.ts'
import { flag, numberBetween, type OptionsOf, readOptions } from '../../config/command-line.ts'
import { runProgram } from '../../config/program.ts'
import { numberOf } from '../proof/acceptance-list.ts'
import { runBaseline, type SpecFilesByCriterion, withoutBaseline } from '../proof/baseline.ts'
import { type FaultRunner, openFaultRunner } from '../proof/fault-runner.ts'
import { judgeFault } from '../proof/fault-verdict.ts'
import { isInPart, PART, readProveOptions, type Selection, selectFaults } from '../proof/select-faults.ts'
import { candidatesFor } from './criteria.ts'
import { type MutantProgress, openMutantProgress } from './progress.ts'
import { sample } from './sample.ts'
import { isOpen, nextBatch, type Trial } from './schedule.ts'
import { type Survey, survey } from './survey.ts'

const HELP = `Generates defects from the live catalog, injects each, and demands that a criterion which stands on its object fails by assertion.
Usage: npm run mutants -- [options]
  --stack <file>        the file that exports stackDefinition; npm run mutants names that of the specs
  --operator <words>    only operators whose name contains these words, as 'trigger:'
  --object <words>      only objects whose name contains these words
  --per-operator <n>    at most so many of each operator, always the same ones; without it 60
  --criteria <n>        test a mutant with at most so many criteria; without it 6
  --shard <i/n>         the i-th of n parts of the mutants
  --list                print the mutants, and inject none
  --json                one line of JSON for each mutant, and one for the total
The report is written to .signoff/mutants.json, in the schema of mutation-testing-elements.
Exit codes: 0 at least 95 % were caught · 1 fewer · 2 wrong use · 3 the specs fail without a mutant, or the stack is broken.`

const OPTIONS = {
  '--stack <file>': z.string(),
  '--operator <words>': z.string().default(''),
  '--object <words>': z.string().default(''),
  '--per-operator <n>': numberBetween(1, 10_000, 'a number').default(60),
  '--criteria <n>': numberBetween(1, 200, 'a number').default(6),
  '--shard <part>': PART.optional(),
  '--list': flag,
  '--json': flag,
  '--help': flag,
}
const BAR = 0.95

await runProgram('mutants', main)
process.exit()

async function main(words: string[]): Promise<number> {
  const options = readOptions(words, 'npm run mutants -- --help', OPTIONS)
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const selection = await selectFaults(readProveOptions([]))
  const progress = openMutantProgress(options.json)
  const found = await survey(selection.faults, options.stack)
  const trials = choose(found, options)
  progress.surveyed({
    ...{ generated: found.mutants.length, refused: found.refused.size, chosen: trials.length },
  })
  if (options.list) trials.forEach(progress.listed)
  else await testAll(trials, selection, progress)
  return options.list || progress.total(trials) >= BAR ? 0 : 1
}

/** Throws CliError (exit 2) where no mutant is left. */
function choose({ mutants, refused, touched }: Survey, options: OptionsOf<typeof OPTIONS>): Trial[] {
  const wanted = mutants.filter(
    ({ id, operator, object }) =>
      !refused.has(id) && operator.includes(options.operator) && object.includes(options.object),
  )
  const chosen = sample(wanted, options.perOperator).filter((_, at) => isInPart(at, options.shard))
  if (chosen.length === 0)
    throw new CliError({ what: 'There is no such mutant.', next: 'npm run mutants -- --list', exitCode: 2 })
  return chosen.map((mutant) => ({
    mutant,
    left: candidatesFor(mutant, touched).slice(0, options.criteria),
    attempts: [],
  }))
}

async function testAll(trials: Trial[], selection: Selection, progress: MutantProgress): Promise<void> {
  await using runner = await openFaultRunner()
  const used = new Set(trials.flatMap(({ left }) => left))
  const criteria = selection.criteria.filter(({ id }) => used.has(id))
  const { specFiles, broken } = await runBaseline(runner, { ...selection, criteria })
  for (const reason of broken.values()) throw withoutBaseline(reason)
  progress.baseline(criteria.length)
  while (trials.some(isOpen)) await testBatch(runner, specFiles, trials, progress.done)
}

async function testBatch(
  runner: FaultRunner,
  specFiles: SpecFilesByCriterion,
  trials: Trial[],
  done: (trial: Trial) => void,
): Promise<void> {
  const batch = nextBatch(trials)
  const faults = batch.map(({ trial: { mutant }, criterion }) => ({
    ...{ id: mutant.id, criterion, description: mutant.description, injection: mutant.injection },
  }))
  const ids = faults.map(({ criterion }) => criterion)
  const files = [...new Set(ids.flatMap((id) => specFiles.get(id) ?? []))]
  const { tests, unhandled } = await runner.run(ids, files, { faults })
  for (const { trial, criterion } of batch) {
    const own = tests.filter(({ title }) => numberOf(title) === criterion)
    trial.left = trial.left.filter((other) => other !== criterion)
    trial.attempts.push({ criterion, ...judgeFault(trial.mutant.id, own, unhandled) })
    if (!isOpen(trial)) done(trial)
  }
}
