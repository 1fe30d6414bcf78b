// Tests faults of different criteria together. A test that caught a fault before mostly does it again, whatever has changed since:
// so it is run alone first, and only what it does not catch is tested with all tests of the criterion.
import { numberOf } from './acceptance-list.ts'
import type { SpecFilesByCriterion } from './baseline.ts'
import type { CatchingTests } from './catching-tests.ts'
import type { FaultRun, FaultRunner } from './fault-runner.ts'
import { judgeFault } from './fault-verdict.ts'
import type { TestedFault } from './progress.ts'
import type { SelectedFault } from './select-faults.ts'

export interface BatchContext {
  runner: FaultRunner
  specFiles: SpecFilesByCriterion
  /** Which tests caught the faults in earlier runs. */
  before: CatchingTests
}

/** Tells of each fault whether it was caught: first of those that are caught again, then of the others. */
export async function testBatch(context: BatchContext, batch: SelectedFault[]): Promise<TestedFault[]> {
  const again = (await testAgain(context, batch)).filter(({ result }) => result.verdict === 'caught')
  const caught = new Set(again.map(({ fault }) => fault))
  const left = batch.filter((fault) => !caught.has(fault))
  return [...again, ...(left.length === 0 ? [] : await testWhole(context, left))]
}

/** Runs the tests alone that caught these faults before. An error outside of tests makes all of it worth nothing. */
async function testAgain(context: BatchContext, batch: SelectedFault[]): Promise<TestedFault[]> {
  const { runner, before, specFiles } = context
  const known = batch.flatMap((fault) => {
    const { caughtBy, caughtIn } = before[fault.id] ?? {}
    const isThere = caughtIn !== undefined && specFiles.get(fault.criterion)?.includes(caughtIn)
    return caughtBy !== undefined && isThere ? [{ fault, caughtBy, caughtIn }] : []
  })
  if (known.length === 0) return []
  const files = [...new Set(known.map(({ caughtIn }) => caughtIn))]
  const titles = known.map(({ caughtBy }) => caughtBy)
  const faults = known.map(({ fault }) => fault)
  const run = await runner.run(
    faults.map(({ criterion }) => criterion),
    files,
    { faults, titles },
  )
  return run.unhandled.length > 0 ? [] : faults.map((fault) => judge(context, fault, run))
}

/** Runs all tests of their criteria. An error outside of tests could belong to any of them, so then each is run alone. */
async function testWhole(context: BatchContext, batch: SelectedFault[]): Promise<TestedFault[]> {
  const { runner, specFiles } = context
  const ids = batch.map(({ criterion }) => criterion)
  // The file that stands beside the fault catches it, mostly; then the tests in the others are skipped.
  const beside = batch.map(({ file }) => file.replace('.faults.', '.spec.'))
  const files = [...new Set([...beside, ...ids.flatMap((id) => specFiles.get(id) ?? [])])]
  const run = ids.every((id) => !specFiles.has(id))
    ? { tests: [], unhandled: [] }
    : await runner.run(ids, files, { faults: batch })
  if (run.unhandled.length > 0 && batch.length > 1) {
    const alone: TestedFault[] = []
    for (const fault of batch) alone.push(...(await testWhole(context, [fault])))
    return alone
  }
  return batch.map((fault) => judge(context, fault, run))
}

function judge(
  { specFiles }: BatchContext,
  fault: SelectedFault,
  { tests, unhandled }: FaultRun,
): TestedFault {
  const own = tests.filter(({ title }) => numberOf(title) === fault.criterion)
  const result = judgeFault(fault.id, own, unhandled)
  const catching = own.find(({ title, state }) => state === 'failed' && title === result.note)
  // Vitest keeps the times of a test from an earlier run where this run left it out.
  const seconds = secondsOf(own.filter(({ injected }) => injected === fault.id))
  return { fault, result, caughtIn: catching?.file, specFiles: specFiles.get(fault.criterion) ?? [], seconds }
}

function secondsOf(tests: FaultRun['tests']): number {
  const ran = tests.filter(({ durationMs }) => durationMs > 0)
  const start = Math.min(...ran.map(({ startedAtMs }) => startedAtMs))
  const end = Math.max(...ran.map(({ startedAtMs, durationMs }) => startedAtMs + durationMs))
  return ran.length === 0 ? 0 : (end - start) / 1000
}
