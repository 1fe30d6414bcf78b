// What a new developer does: the onboarding runbook, in a clone without packages, tools, secrets or stack.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { typeFences } from './fences.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { writeSettings } from './typed.ts'

export const ONBOARDING = 'docs/runbooks/onboarding.md'
/** The section of the runbook that takes the machine to a working stack. */
export const UNTIL_THE_STACK_IS_UP = '1. The stack'

/** Follows the runbook, once per copy of the project. */
export const onboard = oncePerCopy(async (project) => {
  for (const link of ['node_modules', '.venv']) await rm(join(project.root, link), { force: true })
  await writeSettings(project)
  return typeFences(project, ONBOARDING)
})

/** Seconds that the set-up printed for each of its steps. */
export function stepSeconds(output: string): Record<string, number> {
  const lines = output.matchAll(/^\s*\[\d+\/\d+\] (\S+).*?([\d.]+) s$/gm)
  return Object.fromEntries([...lines].map(([, step = '', seconds]) => [step, Number(seconds)]))
}
