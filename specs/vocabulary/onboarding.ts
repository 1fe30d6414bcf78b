// What a new developer does: the onboarding runbook, in a clone without packages, tools or settings.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { type FenceRun, runFences } from './fences.ts'
import { ownStack } from './own-stack.ts'

const RUNBOOK = 'docs/runbooks/onboarding.md'
/** The section of the runbook that takes the machine to a working stack. */
export const UNTIL_THE_STACK_IS_UP = '1. The stack'

interface Onboarding {
  runs: FenceRun[]
  /** The steps of the set-up, in their order. */
  steps: string[]
}

const done = new Map<string, Promise<Onboarding>>()

/** Follows the runbook, once per copy of the project. */
export function onboard(project: Project): Promise<Onboarding> {
  const onboarding = done.get(project.root) ?? onboardAnew(project)
  done.set(project.root, onboarding)
  return onboarding
}

async function onboardAnew(project: Project): Promise<Onboarding> {
  for (const link of ['node_modules', '.venv']) await rm(join(project.root, link), { force: true })
  const runs = await runFences(project, RUNBOOK, undefined, await ownStack(project))
  const output = runs.find(({ section }) => section === UNTIL_THE_STACK_IS_UP)?.output ?? ''
  return { runs, steps: [...output.matchAll(/^\s*\[\d+\/\d+\] (\S+)/gm)].map(([, step = '']) => step) }
}
