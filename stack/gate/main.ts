// The gate: runs its steps in their order, prints a table of them, and exits with the code of the first that failed.
// scripts/gate.sh --help is its manual.
import { z } from 'zod'
import { flag, numberBetween, oneOf, readOptions } from '../../config/command-line.ts'
import { runProgram } from '../../config/program.ts'
import { stepEnvironment } from './environment.ts'
import { listOf, tableOf } from './report.ts'
import { notRun, runStep, type StepResult } from './run-step.ts'
import { type GateStep, gateSteps, TEARDOWN } from './steps.ts'

const NAMES = gateSteps().map(({ name }) => name)
const HOUR_SECONDS = 3600
const INTERRUPTED = 130

await runProgram('gate.sh', gate, { jsonErrors: true })

async function gate(words: string[]): Promise<number> {
  const { only, without, shard, parts, within, list, json } = readOptions(words, 'scripts/gate.sh --help', {
    '--only <step...>': z.array(oneOf(NAMES)).default([]),
    '--without <step...>': z.array(oneOf(NAMES)).default([]),
    '--shard <part>': z
      .string()
      .regex(/^[1-9]\d?\/[1-9]\d?$/, 'give a part and a number of parts, as 2/4.')
      .optional(),
    '--parts': flag,
    '--within <seconds>': numberBetween(1, HOUR_SECONDS, 'seconds').default(HOUR_SECONDS),
    '--list': flag,
    '--json': flag,
  })
  const all = gateSteps({ part: shard, joinsParts: parts }).map((step) => ({
    ...step,
    seconds: Math.min(step.seconds, within),
  }))
  const steps = all.filter(
    ({ name }) => (only.length === 0 || only.includes(name)) && !without.includes(name),
  )
  if (list) {
    console.log(json ? JSON.stringify(steps) : listOf(steps))
    return 0
  }
  // An unusable .env is named before anything runs, and not by the first step that reads it.
  if (steps.some(({ stack }) => stack)) stepEnvironment({ stack: true })
  const results = await runSteps(steps, json)
  const seconds = performance.now() / 1000
  const first = results.find(({ state }) => state !== 'passed')
  // A step may end with 0 when it is interrupted. An interrupt during the teardown leaves out what follows.
  const isInterrupted = first?.state === 'interrupted' || first?.state === 'not run'
  const exitCode = isInterrupted ? INTERRUPTED : (first?.exitCode ?? 0)
  console.log(json ? JSON.stringify({ exitCode, seconds, steps: results }) : tableOf(results, seconds))
  return exitCode
}

/** After a failure only those that say so. An interrupt ends the step that runs; then a stack that was set up is removed. */
async function runSteps(steps: GateStep[], json: boolean): Promise<StepResult[]> {
  const interrupted = stopOnSignals()
  const results: StepResult[] = []
  const say = (line: string) => process.stderr.write(`${line}\n`)
  for (const step of steps) {
    const isTeardown = step.name === TEARDOWN
    const hasFailed = results.some(({ state }) => state !== 'passed')
    const isLeftOut = isTeardown
      ? results.some(({ step: name, state }) => name === 'set-up' && state === 'not run')
      : interrupted.aborted || (hasFailed && !step.runsAfterFailure)
    if (!isLeftOut) say(`[${results.length + 1}/${steps.length}] ${step.name}`)
    const stop = isTeardown ? new AbortController().signal : interrupted
    results.push(isLeftOut ? notRun(step) : await runStep(step, { json, stop }))
  }
  return results
}

function stopOnSignals(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  return stop.signal
}
