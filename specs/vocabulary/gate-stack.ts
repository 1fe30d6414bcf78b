// The gate with a real stack, which belongs to the spec.

import { SERVICE_PORTS } from '../../config/services.ts'
import type { Outcome, Project } from '../../harness/index.ts'
import { freePorts } from './free-ports.ts'
import { onlySteps, runGate } from './gate.ts'
import { renamed } from './stack.ts'
import { leftovers } from './stack-state.ts'

/** In the gate, the ports of a stack are those of dev and this number. */
export const ABOVE_DEV = 20_000
/** Free ones are looked for here: below those that Linux gives out by itself, and above any that the gate has without a variable. */
const RANGE: [number, number] = [31_000, 32_700]

/** The steps that work on a stack, in their order. */
export const ON_STACK = ['set-up', 'smoke', 'migrations', 'seeds', 'teardown']

/** Runs these steps as they are, on a stack that the sweep of the harness finds; variables of the caller replace its ports. */
export async function runOnStack(project: Project, variables: Record<string, string> = {}): Promise<Outcome> {
  const ports = await freePorts(SERVICE_PORTS.length, RANGE)
  const own = SERVICE_PORTS.map(({ variable }, at) => [variable, `${(ports[at] ?? 0) - ABOVE_DEV}`])
  const environment = { HMA_PROJECT: project.composeName, ...Object.fromEntries(own), ...variables }
  return runGate(project, onlySteps(...ON_STACK), { environment, timeoutMs: 170_000 })
}

/** What is left of the stack of the gate. */
export function leftOfGate(project: Project): Promise<Record<string, number>> {
  return leftovers(renamed(project, '-gate'), 'dev')
}
