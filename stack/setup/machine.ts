// The steps that look at the machine: the doctor's checks, then the container engine.
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { findEngine } from '../engine/find.ts'
import { runCommand, runOrThrow } from '../run-command.ts'
import { MINUTE_MS, type SetupOptions, type StepResult } from './options.ts'

export async function checkMachine({ variant }: SetupOptions): Promise<StepResult> {
  const findings = await examine({ variant, beforeSetup: true })
  const broken = findings.filter(({ state }) => state === 'broken')
  if (broken.length > 0) throw brokenMachine(broken)
  return { changed: false, what: `${findings.length} findings, nothing broken` }
}

/** These check what is written in files, and not the machine. */
const FILE_CHECKS = ['settings', 'secrets', 'images']

/** Everything that the doctor found broken, a line each. */
function brokenMachine(findings: Finding[]): CliError {
  const exitCode = findings.every(({ check }) => FILE_CHECKS.includes(check)) ? EXIT.usage : EXIT.unreachable
  const [first, ...others] = findings.map(({ what, next = '' }) => ({ what, next, exitCode }))
  return new CliError({
    ...(first ?? { what: '', next: '' }),
    facts: { findings },
    others: others.map((options) => new CliError(options)),
  })
}

/** scripts/engine.sh is Bash, because it installs and starts what this needs. */
export async function ensureEngine({ yes }: SetupOptions): Promise<StepResult> {
  if (await engineAnswers()) return { changed: false, what: 'answers' }
  await runOrThrow([join(ROOT, 'scripts/engine.sh'), ...(yes ? ['--yes'] : [])], {
    withinMs: 10 * MINUTE_MS,
    interactive: true,
  })
  await findEngine()
  return { changed: true, what: 'installed or started' }
}

/** An engine is found, and docker has Compose v2. */
async function engineAnswers(): Promise<boolean> {
  const isFound = await findEngine().then(
    () => true,
    () => false,
  )
  if (!isFound) return false
  const compose = await runCommand(['docker', 'compose', 'version', '--short'], { withinMs: MINUTE_MS })
  return compose.exitCode === 0
}
