// Runs the checks. Reads only, and needs no dependency.
import { withNext } from '../../config/cli-error.ts'
import { CHECKS } from './checks.ts'
import { type DoctorOptions, readContext } from './context.ts'
import type { Finding } from './finding.ts'

/** The findings of all checks, or of those named, in the order of CHECKS. */
export async function examine(options: DoctorOptions, only: string[] = []): Promise<Finding[]> {
  const context = readContext(options)
  const chosen = CHECKS.filter(({ name }) => only.length === 0 || only.includes(name))
  const found = chosen.map(async ({ name, run }) =>
    (await run(context)).map((result): Finding => ({ check: name, ...result })),
  )
  return (await Promise.all(found)).flat()
}

const SIGNS = { ok: '✓', warning: '!', broken: '✗' } as const

export function describeFinding({ check, state, what, next }: Finding): string {
  return `${SIGNS[state]} ${check.padEnd(13)} ${withNext(what, next)}`
}
