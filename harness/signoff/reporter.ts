// Joins the tests of a run with the acceptance list, prints the sign-off, and leaves a candidate for the seal. It counts
// the acceptance project alone; unit tests prove no criterion.
import { randomUUID } from 'node:crypto'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node'
import { readList } from './list.ts'
import { CANDIDATE, type Candidate, readSubject, writeRecord } from './record.ts'
import { seenRedNow } from './seen.ts'
import { signoffLines } from './table.ts'
import { judgeAll, strangersIn, type TestFact } from './verdicts.ts'

const PROJECT = 'acceptance'

export default class SignoffReporter implements Reporter {
  #vitest: Vitest | undefined
  #candidate: Candidate | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
    if (!vitest.projects.some(({ name }) => name === PROJECT)) return
    const startedAt = new Date().toISOString()
    const counts = { passed: 0, failed: 0, notRun: 0 }
    this.#candidate = {
      state: 'INCOMPLETE',
      run: randomUUID(),
      startedAt,
      subject: readSubject(),
      listHash: readList().hash,
      scope: isScoped(vitest) ? 'scoped' : 'full',
      judged: [],
      objections: [],
      counts,
    }
    writeRecord(CANDIDATE, this.#candidate)
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    if (!this.#candidate || !this.#vitest) return
    const own = modules.filter(({ project }) => project.name === PROJECT)
    const tests = own.flatMap((module) => [...module.children.allTests()])
    const facts = tests.map(factOf)
    const list = readList()
    const judged = judgeAll(list, facts)
    const strangers = strangersIn(list, facts)
    const objections = [
      ...strangers.map((title) => `no such criterion: ${title}`),
      ...own.flatMap(errorsOutsideTests),
      ...unhandled.map(({ message }) => `error outside of tests: ${message.split('\n')[0]}`),
      ...facts.filter(isFailedPremise).map(({ title }) => `a premise failed: ${title}`),
      ...(reason === 'passed' || facts.some(({ state }) => state === 'failed')
        ? []
        : [`the run was ${reason}`]),
    ]
    const scope = isScoped(this.#vitest) ? 'scoped' : this.#candidate.scope
    writeRecord(CANDIDATE, {
      ...this.#candidate,
      state: 'COMPLETE',
      endedAt: new Date().toISOString(),
      scope,
      judged,
      objections,
      counts: countsOf(facts),
    } satisfies Candidate)
    if (facts.length === 0) return
    for (const line of signoffLines(list, judged, seenRedNow(list))) console.log(line)
    for (const line of objections) console.log(`objection: ${line}`)
    if (strangers.length > 0) process.exitCode = 2
  }
}

/** A run that left something out can accept nothing. */
function isScoped({ config, ...vitest }: Vitest): boolean {
  const files = (vitest as { filenamePattern?: string[] }).filenamePattern ?? []
  return (
    files.length > 0 || !!config.testNamePattern || !!config.shard || (config.tagsFilter?.length ?? 0) > 0
  )
}

function factOf(test: TestCase): TestFact {
  const { retryCount = 0, duration = 0 } = test.diagnostic() ?? {}
  return {
    title: test.name,
    file: test.module.relativeModuleId,
    state: test.result().state,
    fails: test.options.fails ?? false,
    retries: retryCount,
    durationMs: duration,
  }
}

function isFailedPremise({ title, state }: TestFact): boolean {
  return !/^[A-H]\d+\./.test(title) && state === 'failed'
}

/** An error in a file or in a hook: its tests may all be green. */
function errorsOutsideTests(module: TestModule): string[] {
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors())
  return [...module.errors(), ...suites].map(
    ({ message }) => `${module.relativeModuleId}: ${message.split('\n')[0]}`,
  )
}

function countsOf(facts: TestFact[]): Candidate['counts'] {
  const count = (...states: TestFact['state'][]) => facts.filter(({ state }) => states.includes(state)).length
  return { passed: count('passed'), failed: count('failed'), notRun: count('skipped', 'pending') }
}
