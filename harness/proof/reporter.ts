// Joins the tests of a run with the acceptance list, prints the sign-off, and leaves a candidate for the seal. It counts
// the acceptance project alone; unit tests prove no criterion.
import { randomUUID } from 'node:crypto'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestProject, TestRunEndReason, Vitest } from 'vitest/node'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError, lineOf } from '../../config/cli-error.ts'
import { type AcceptanceList, readList } from './acceptance-list.ts'
import {
  type CriterionResult,
  isNumbered,
  judgeCriteria,
  type RunResults,
  type TestResult,
  titlesWithUnknownNumber,
} from './criterion-verdict.ts'
import { reportLines } from './report.ts'
import { type Objection, RUN_RECORD, type RunRecord, readSubject } from './run-record.ts'
import { criteriaCaughtNow } from './seen.ts'
import { criteriaIn, specFilesOf } from './spec-files.ts'

const PROJECT = 'acceptance'
const EXIT = { broken: 1, contract: 2, environment: 3 } as const

export default class SignoffReporter implements Reporter {
  #vitest: Vitest | undefined
  #project: TestProject | undefined
  #candidate: RunRecord | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
    this.#project = vitest.projects.find(({ name }) => name === PROJECT)
    if (!this.#project) return
    this.#candidate = {
      state: 'INCOMPLETE',
      run: randomUUID(),
      startedAt: new Date().toISOString(),
      subject: readSubject(),
      listHash: requireList().hash,
      scope: 'full',
      judged: [],
      objections: [],
      counts: { passed: 0, failed: 0, notRun: 0 },
    }
    writeAtomically(RUN_RECORD, this.#candidate)
  }

  /** Never throws, because Vitest would drop what the other reporters have to say. */
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    if (!this.#candidate || !this.#vitest || !this.#project) return
    try {
      const own = modules.filter(({ project }) => project.name === PROJECT)
      process.exitCode = conclude(this.#candidate, this.#vitest, this.#project, own, unhandled, reason)
    } catch (error) {
      console.error(`sign-off: ${lineOf(error)}`)
      process.exitCode = EXIT.environment
    }
  }
}

/** Exits here, because Vitest would print a stack trace around an error of a reporter. */
function requireList(): AcceptanceList {
  try {
    return readList()
  } catch (error) {
    process.stderr.write(`sign-off: ${lineOf(error)}\n`)
    process.exit(error instanceof CliError ? error.exitCode : EXIT.environment)
  }
}

/** Writes the candidate, prints the sign-off and returns the exit code: Vitest's own unless the sign-off has a worse one. */
function conclude(
  started: RunRecord,
  vitest: Vitest,
  { config }: TestProject,
  modules: TestModule[],
  unhandled: readonly SerializedError[],
  reason: TestRunEndReason,
): typeof process.exitCode {
  const list = readList()
  const left = specFilesOf(config).filter((file) => !modules.some(({ moduleId }) => moduleId === file))
  const run = factsOf(vitest, modules, unhandled, left)
  const judged = judgeCriteria(list, run)
  const objections = objectionsTo(list, run, reason)
  const scope = left.length > 0 || vitest.config.watch || filtersTests(vitest) ? 'scoped' : 'full'
  const ended = { state: 'COMPLETE', endedAt: new Date().toISOString(), counts: countsOf(run.tests) } as const
  writeAtomically(RUN_RECORD, { ...started, ...ended, scope, judged, objections } satisfies RunRecord)
  if (run.tests.length > 0) print(list, judged, objections)
  if (objections.some(({ against }) => against === 'contract')) return EXIT.contract
  return judged.some(({ verdict }) => verdict === 'broken')
    ? process.exitCode || EXIT.broken
    : process.exitCode
}

function print(list: AcceptanceList, judged: CriterionResult[], objections: Objection[]): void {
  for (const line of reportLines(list, judged, criteriaCaughtNow(list))) console.log(line)
  for (const { why } of objections) console.log(`objection: ${why}`)
}

function factsOf(
  vitest: Vitest,
  modules: TestModule[],
  unhandled: readonly SerializedError[],
  left: string[],
): RunResults {
  const filters = filtersTests(vitest)
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const tainted = new Map(modules.flatMap(errorOutsideTests))
  const unloaded = modules.filter((module) => module.children.size === 0 && module.errors().length > 0)
  return {
    tests: tests.map((test) => factOf(test, filters)),
    tainted,
    unhandled: unhandled.map(({ message }) => firstLine(message)),
    elsewhere: criteriaIn(left),
    unloaded: new Map(
      unloaded.flatMap(({ moduleId, relativeModuleId }) =>
        [...criteriaIn([moduleId])].map((id) => [id, relativeModuleId] as const),
      ),
    ),
  }
}

/** A run whose filter reaches into files: tests it left out look like skipped ones. */
function filtersTests(vitest: Vitest): boolean {
  const { tagsFilter = [] } = vitest.config
  const files = (vitest as { filenamePattern?: string[] }).filenamePattern ?? []
  const byLine = files.some((file) => /:\d+$/.test(file))
  return vitest.getGlobalTestNamePattern() !== undefined || tagsFilter.length > 0 || byLine
}

function factOf(test: TestCase, filters: boolean): TestResult {
  const { retryCount = 0, duration = 0 } = test.diagnostic() ?? {}
  const { state } = test.result()
  return {
    title: test.name,
    file: test.module.relativeModuleId,
    state,
    fails: test.options.fails ?? false,
    retries: retryCount,
    filtered: filters && state === 'skipped',
    durationMs: duration,
  }
}

/** An error in a file or in a hook of a suite, which leaves every test of it green. */
function errorOutsideTests(module: TestModule): [string, string][] {
  const errors = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())]
  const [first] = errors
  return first ? [[module.relativeModuleId, firstLine(first.message)]] : []
}

function objectionsTo(list: AcceptanceList, run: RunResults, reason: TestRunEndReason): Objection[] {
  const failed = run.tests.filter(({ state }) => state === 'failed')
  const contract = titlesWithUnknownNumber(list, run.tests).map((title) => `no such criterion: ${title}`)
  const environment = [
    ...[...run.tainted].map(([file, why]) => `${file}: ${why}`),
    ...run.unhandled.map((why) => `error outside of tests: ${why}`),
    ...failed.filter(({ title }) => !isNumbered(title)).map(({ title }) => `a premise failed: ${title}`),
    ...(reason === 'interrupted' ? ['the run was interrupted'] : []),
  ]
  return [
    ...contract.map((why) => ({ against: 'contract' as const, why })),
    ...environment.map((why) => ({ against: 'environment' as const, why })),
  ]
}

function countsOf(tests: TestResult[]): RunRecord['counts'] {
  const count = (...states: TestResult['state'][]) =>
    tests.filter(({ state }) => states.includes(state)).length
  return { passed: count('passed'), failed: count('failed'), notRun: count('skipped', 'pending') }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
