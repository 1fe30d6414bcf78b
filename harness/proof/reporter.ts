// Joins the tests of a run with the acceptance list, prints the sign-off, and leaves a record of the run for the seal. Only the
// acceptance project counts: unit tests prove no criterion.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestProject, TestRunEndReason, Vitest } from 'vitest/node'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError, lineOf } from '../../config/cli-error.ts'
import { type AcceptanceList, readList } from './acceptance-list.ts'
import { criteriaSeenRed } from './caught-faults.ts'
import {
  type CriterionResult,
  isNumbered,
  judgeCriteria,
  type RunResults,
  type TestResult,
  titlesWithUnknownNumber,
} from './criterion-verdict.ts'
import { ACCEPT_EXIT } from './decision.ts'
import { failedTestLines } from './failed-tests.ts'
import { reportLines } from './report.ts'
import { type Objection, RUN_RECORD, type RunRecord, readSubject } from './run-record.ts'
import { criteriaIn, specFilesOf } from './spec-files.ts'

const PROJECT = 'acceptance'

export default class SignoffReporter implements Reporter {
  #vitest: Vitest | undefined
  #project: TestProject | undefined
  #record: RunRecord | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
    this.#project = vitest.projects.find(({ name }) => name === PROJECT)
    if (!this.#project) return
    this.#record = {
      state: 'INCOMPLETE',
      run: randomUUID(),
      startedAt: new Date().toISOString(),
      subject: readSubject(),
      listHash: requireList().hash,
      ...partOf(vitest),
      scope: 'full',
      criteria: [],
      objections: [],
      counts: { passed: 0, failed: 0, notRun: 0 },
    }
    writeAtomically(RUN_RECORD, this.#record)
  }

  /** Never throws, because Vitest would then drop the output of the other reporters. */
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    if (!this.#record || !this.#vitest || !this.#project) return
    try {
      // Sorted, so that the parts of a run make the same record in whatever order they ended.
      const own = modules
        .filter(({ project }) => project.name === PROJECT)
        .toSorted((a, b) => a.relativeModuleId.localeCompare(b.relativeModuleId))
      process.exitCode = conclude(this.#record, this.#vitest, this.#project, own, unhandled, reason)
    } catch (error) {
      console.error(`sign-off: ${lineOf(error)}`)
      process.exitCode = ACCEPT_EXIT.environment
    }
  }
}

function partOf({ config: { shard } }: Vitest): { part?: string } {
  return shard === undefined ? {} : { part: `${shard.index}/${shard.count}` }
}

/** Exits here, because Vitest would print a stack trace around an error of a reporter. */
function requireList(): AcceptanceList {
  try {
    return readList()
  } catch (error) {
    process.stderr.write(`sign-off: ${lineOf(error)}\n`)
    process.exit(error instanceof CliError ? error.exitCode : ACCEPT_EXIT.environment)
  }
}

/** Completes the record, prints the sign-off and returns the exit code: Vitest's own unless the sign-off has a worse one. */
function conclude(
  started: RunRecord,
  vitest: Vitest,
  { config }: TestProject,
  modules: TestModule[],
  unhandled: readonly SerializedError[],
  reason: TestRunEndReason,
): typeof process.exitCode {
  const list = readList()
  const ran = new Set(modules.map(({ relativeModuleId }) => resolve(config.root, relativeModuleId)))
  const leftOut = specFilesOf(config).filter((file) => !ran.has(file))
  const run = resultsOf(vitest, modules, unhandled, leftOut)
  const criteria = judgeCriteria(list, run)
  const objections = objectionsTo(list, run, reason)
  const scope = leftOut.length > 0 || vitest.config.watch || filtersTests(vitest) ? 'scoped' : 'full'
  const ended = { state: 'COMPLETE', endedAt: new Date().toISOString(), counts: countsOf(run.tests) } as const
  writeAtomically(RUN_RECORD, { ...started, ...ended, scope, criteria, objections } satisfies RunRecord)
  if (run.tests.length > 0) print(list, criteria, objections)
  for (const line of failedTestLines(testsOf(modules))) console.log(line)
  if (objections.some(({ against }) => against === 'contract')) return ACCEPT_EXIT.contract
  return criteria.some(({ verdict }) => verdict === 'broken')
    ? process.exitCode || ACCEPT_EXIT.failed
    : process.exitCode
}

function print(list: AcceptanceList, criteria: CriterionResult[], objections: Objection[]): void {
  for (const line of reportLines(list, criteria, criteriaSeenRed(list))) console.log(line)
  for (const { why } of objections) console.log(`objection: ${why}`)
}

function resultsOf(
  vitest: Vitest,
  modules: TestModule[],
  unhandled: readonly SerializedError[],
  leftOut: string[],
): RunResults {
  const filters = filtersTests(vitest)
  const tests = testsOf(modules)
  const fileErrors = new Map(modules.flatMap(errorOutsideTests))
  const unloaded = modules.filter((module) => module.children.size === 0 && module.errors().length > 0)
  return {
    tests: tests.map((test) => resultOf(test, filters)),
    fileErrors,
    unhandled: unhandled.map(({ message }) => firstLine(message)),
    inFilesLeftOut: criteriaIn(leftOut),
    unloaded: new Map(
      unloaded.flatMap(({ moduleId, relativeModuleId }) =>
        [...criteriaIn([moduleId])].map((id) => [id, relativeModuleId] as const),
      ),
    ),
  }
}

function testsOf(modules: TestModule[]): TestCase[] {
  return modules.flatMap((module) => [...module.children.allTests()])
}

/** True for a filter that selects tests inside files: Vitest reports the tests that it leaves out as skipped. */
function filtersTests(vitest: Vitest): boolean {
  const { tagsFilter = [] } = vitest.config
  const files = (vitest as { filenamePattern?: string[] }).filenamePattern ?? []
  const byLine = files.some((file) => /:\d+$/.test(file))
  return vitest.getGlobalTestNamePattern() !== undefined || tagsFilter.length > 0 || byLine
}

function resultOf(test: TestCase, filters: boolean): TestResult {
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
    ...[...run.fileErrors].map(([file, why]) => `${file}: ${why}`),
    ...run.unhandled.map((why) => `error outside of tests: ${why}`),
    ...failed
      .filter(({ title }) => !isNumbered(title))
      .map(({ title }) => `a test without a number failed: ${title}`),
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
