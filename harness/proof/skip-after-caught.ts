// Set-up of every spec file: under a fault, one assertion that fails is enough, so the criterion's other tests are left out
// in this worker. Without a fault nothing is ever left out.
import { afterEach, beforeEach, inject, type TestContext } from 'vitest'
import { isAssertion } from './fault-verdict.ts'
import { faultFor } from './inject.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Counts the runs of `npm run prove`: a fault that is tried again starts afresh. */
    trial: number
  }
}

const caught = new Set<string>()

const keyOf = (task: TestContext['task']) => {
  const fault = faultFor(task)
  return fault && { id: fault.id, key: `${inject('trial')} ${fault.id}` }
}

beforeEach(({ task, skip }) => {
  const fault = keyOf(task)
  if (fault && caught.has(fault.key)) skip('its fault is caught already')
})

afterEach(({ task }) => {
  const fault = keyOf(task)
  const { state, errors = [] } = task.result ?? {}
  if (fault && task.meta.injected === fault.id && state === 'fail' && errors.every(isAssertion))
    caught.add(fault.key)
})
