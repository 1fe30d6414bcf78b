// `npm run prove`: injects faults, and demands that the spec of their criterion fails by assertion. One stack for all of them.
import { CliError } from '../../config/cli-error.ts'
import { runProgram } from '../../config/program.ts'
import { type Baseline, lastRun, NO_BASELINE, runBaseline, withoutBaseline } from './baseline.ts'
import { batchesOf } from './batches.ts'
import { keepCatchingTests, readCatchingTests } from './catching-tests.ts'
import { openFaultRunner } from './fault-runner.ts'
import { openProgress, type Progress } from './progress.ts'
import {
  type ProveOptions,
  readProveOptions,
  type SelectedFault,
  type Selection,
  selectFaults,
} from './select-faults.ts'
import { criteriaIn } from './spec-files.ts'
import { testBatch } from './test-batch.ts'
import { splitUnchanged } from './unchanged.ts'

const HELP = `Injects each fault and demands that the spec of its criterion fails by assertion. A fault that was caught here before is
not injected again while its specs and the product are the same. The test that caught it the last time runs first and alone; in a fresh
clone that is the one which specs/catching-tests.json names.
Usage: npm run prove -- [criterion|task|epic …] [options]
  --fault <words>  only faults whose id or description contains these words
  --all            also those that were caught before and are unchanged
  --first          one fault of each criterion
  --shard <i/n>    the faults of the i-th of n parts of the criteria
  --keep           injects nothing, and writes to specs/catching-tests.json which tests caught the faults here
  --after-specs    do not run the specs without a fault first if the last full run of them passed on exactly this commit
  --json           one line of JSON for each fault, and one for the total
Seconds of a fault count from the start of its first test to the end of its last; the faults of different criteria are tested
at the same time.
Exit codes: 0 every fault was caught and every criterion that has a spec has a fault · 1 a fault was not caught · 2 wrong use,
or a criterion without a fault · 3 the specs of a criterion fail without a fault (the others are tested), or the stack is broken.`

const EXIT = { caught: 0, notCaught: 1, withoutFault: 2, environment: NO_BASELINE } as const

await runProgram('prove', (words) => prove(words).catch(asBrokenStack))
process.exit()

async function prove(words: string[]): Promise<number> {
  const options = readProveOptions(words)
  if (options.help) {
    console.log(HELP)
    return EXIT.caught
  }
  const selection = await selectFaults(options)
  if (options.keep) {
    console.log(`the tests of ${keepCatchingTests(selection)} faults are known`)
    return EXIT.caught
  }
  const progress = openProgress(options, selection)
  const { due, unchanged } = options.all
    ? { due: selection.faults, unchanged: [] }
    : splitUnchanged(selection.faults, selection.criteria)
  progress.unchanged(unchanged)
  const { caught, broken } = await injectAll(options, withoutUnchanged(selection, due), due, progress)
  const withoutFault = criteriaWithoutFault(selection)
  progress.total(caught, withoutFault)
  if (broken.size > 0)
    throw withoutBaseline(`${[...broken.keys()].join(' ')}, first: ${[...broken.values()][0]}`)
  if (caught < due.length) return EXIT.notCaught
  return withoutFault.length > 0 ? EXIT.withoutFault : EXIT.caught
}

/** The specs of criteria whose faults were all caught before need not run either. */
function withoutUnchanged({ criteria, faults, specFiles }: Selection, due: SelectedFault[]): Selection {
  const isDone = (id: string) =>
    faults.some(({ criterion }) => criterion === id) && !due.some(({ criterion }) => criterion === id)
  const left = criteria.filter(({ id }) => !isDone(id))
  const ids = new Set(left.map(({ id }) => id))
  return {
    faults: due,
    criteria: left,
    specFiles: specFiles.filter((file) => [...criteriaIn([file])].some((id) => ids.has(id))),
  }
}

/** Counts the faults that were caught. Starts nothing where there is nothing to run. */
async function injectAll(
  options: ProveOptions,
  selection: Selection,
  faults: SelectedFault[],
  progress: Progress,
): Promise<{ caught: number; broken: Baseline['broken'] }> {
  if (selection.specFiles.length === 0) return { caught: 0, broken: new Map() }
  await using runner = await openFaultRunner()
  const { specFiles, broken } =
    (options.afterSpecs ? lastRun(selection) : undefined) ?? (await runBaseline(runner, selection))
  progress.baseline(specFiles.size, broken)
  const before = readCatchingTests()
  let caught = 0
  for (const batch of batchesOf(faults.filter(({ criterion }) => !broken.has(criterion)))) {
    const tested = await testBatch({ runner, specFiles, before }, batch)
    for (const each of tested) progress.fault(each)
    caught += tested.filter(({ result }) => result.verdict === 'caught').length
  }
  return { caught, broken }
}

function criteriaWithoutFault({ criteria, faults, specFiles }: Selection): string[] {
  const withSpec = criteriaIn(specFiles)
  return criteria
    .map(({ id }) => id)
    .filter((id) => withSpec.has(id) && !faults.some(({ criterion }) => criterion === id))
}

/** What no module expected is an error of the environment: exit code 1 would say that a fault was not caught. */
function asBrokenStack(error: unknown): never {
  if (error instanceof CliError) throw error
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`${stack}\n`)
  throw new CliError({
    what: message,
    next: 'see the stack trace.',
    exitCode: EXIT.environment,
    cause: error,
  })
}
