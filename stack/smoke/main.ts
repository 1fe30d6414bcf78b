// The smoke test's command line; scripts/smoke.sh --help is its manual.
import { z } from 'zod'
import { type CliError, EXIT, withNext } from '../../config/cli-error.ts'
import { flag, numberBetween, oneOf, readOptions, wrongUse } from '../../config/command-line.ts'
import {
  DATABASE_VARIABLES,
  REDIS_VARIABLES,
  requireNoOtherServer,
  STORE_VARIABLES,
} from '../../config/locate.ts'
import { runProgram } from '../../config/program.ts'
import { requireOwnStack } from '../../config/stack-owner.ts'
import { readStackSettings, readVariables } from '../../config/stack-settings.ts'
import { VARIANTS } from '../../config/variables.ts'
import type { ProbeResult } from './probe.ts'
import { PROBES } from './probes.ts'
import { runSmokeTest } from './run.ts'

const HELP = 'scripts/smoke.sh --help'

await runProgram('smoke.sh', async (words) => {
  const { variant, within, only, json } = readOptions(words, HELP, {
    '--variant <name>': oneOf(VARIANTS).default('dev'),
    '--within <seconds>': numberBetween(0.1, 60, 'seconds').default(5),
    '--only <service...>': z.array(oneOf(Object.keys(PROBES))).default([]),
    '--json': flag,
  })
  requireNoOtherServer(process.env, [...DATABASE_VARIABLES, ...REDIS_VARIABLES, ...STORE_VARIABLES])
  const settings = readStackSettings(readVariables(process.env), variant)
  if (variant === 'prod')
    throw wrongUse('Prod publishes no port to reach it at.', HELP, 'scripts/compose.sh --variant prod ps')
  await requireOwnStack(settings.project).catch(unlessUnreachable)
  const services = await runSmokeTest(settings, { only, withinMs: within * 1000 })
  const hasFailed = services.some(({ state }) => state === 'failed')
  if (json) console.log(JSON.stringify({ state: hasFailed ? 'failed' : 'ok', services }, null, 2))
  else for (const service of services) console.log(describeResult(service))
  return hasFailed ? EXIT.failed : 0
})

/** Without an engine the probes say which services do not answer. */
function unlessUnreachable(error: CliError): void {
  if (error.exitCode !== EXIT.unreachable) throw error
}

function describeResult({ service, state, milliseconds, what, next }: ProbeResult): string {
  return `${state === 'ok' ? '✓' : '✗'} ${service.padEnd(16)} ${String(milliseconds).padStart(5)} ms  ${withNext(what, next)}`
}
