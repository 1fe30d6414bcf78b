// Set-up of every spec file: one assertion that fails is enough to catch a fault, so the criterion's other tests are skipped after it,
// by every worker. Without a fault nothing is skipped.
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, inject, type TestContext } from 'vitest'
import { isAssertion } from './fault-verdict.ts'
import { faultFor } from './inject.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Counts the runs of one `npm run prove`: a fault that is run again starts without skipped tests. */
    runNumber: number
  }
}

/** A file in the run's folder, which is there when the fault that is injected into this test is caught. */
function markOf(task: TestContext['task']): string | undefined {
  const fault = faultFor(task)
  if (fault === undefined) return undefined
  const hash = createHash('sha256')
    .update(`${inject('runNumber')} ${fault.id}`)
    .digest('hex')
    .slice(0, 16)
  return join(inject('run').folder, `caught-${hash}`)
}

beforeEach(({ task, skip }) => {
  const mark = markOf(task)
  if (mark !== undefined && existsSync(mark)) skip('its fault is caught already')
})

afterEach(({ task }) => {
  const mark = markOf(task)
  const { state, errors = [] } = task.result ?? {}
  const wasReached = task.meta.injected === faultFor(task)?.id
  if (mark !== undefined && wasReached && state === 'fail' && errors.every(isAssertion))
    writeFileSync(mark, '')
})
