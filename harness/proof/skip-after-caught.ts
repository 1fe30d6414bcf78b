// Set-up of every spec file: one assertion that fails is enough to catch a fault, so this worker skips the criterion's other
// tests after it. Without a fault nothing is skipped.
import { afterEach, beforeEach, inject, type TestContext } from 'vitest'
import { isAssertion } from './fault-verdict.ts'
import { faultFor } from './inject.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Counts the runs of one `npm run prove`: a fault that is run again starts without skipped tests. */
    runNumber: number
  }
}

const caught = new Set<string>()

function keyOf(task: TestContext['task']): string | undefined {
  const fault = faultFor(task)
  return fault && `${inject('runNumber')} ${fault.id}`
}

beforeEach(({ task, skip }) => {
  const key = keyOf(task)
  if (key !== undefined && caught.has(key)) skip('its fault is caught already')
})

afterEach(({ task }) => {
  const key = keyOf(task)
  const { state, errors = [] } = task.result ?? {}
  const wasReached = task.meta.injected === faultFor(task)?.id
  if (key !== undefined && wasReached && state === 'fail' && errors.every(isAssertion)) caught.add(key)
})
