// Runs one step: its commands one after the other, within one limit for all of them.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { EXIT } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { stepEnvironment } from './environment.ts'
import { processesUnder, signalAll } from './processes.ts'
import type { GateStep } from './steps.ts'

export interface StepResult {
  step: string
  state: 'passed' | 'failed' | 'out of time' | 'interrupted' | 'not run'
  exitCode: number | null
  seconds: number
  limitSeconds: number
}

const KILL_AFTER_MS = 10_000

/** `stop` ends it early. Its output goes to standard error when standard output is for JSON. */
export async function runStep(
  step: GateStep,
  { json, stop }: { json: boolean; stop: AbortSignal },
): Promise<StepResult> {
  const { name, commands, seconds } = step
  const began = performance.now()
  const limit = AbortSignal.timeout(seconds * 1000)
  const env = stepEnvironment(step)
  let exitCode = 0
  for (const [program = '', ...args] of commands) {
    // A session of its own: what a hanging step leaves behind is found by it, even where its parent has ended.
    const stdio: StdioOptions = ['ignore', json ? 2 : 'inherit', 'inherit']
    const child = spawn(program, args, { cwd: ROOT, env, detached: true, stdio })
    exitCode = await exitCodeOf(child, AbortSignal.any([limit, stop]))
    if (exitCode !== 0) break
  }
  const state = stop.aborted
    ? 'interrupted'
    : limit.aborted
      ? 'out of time'
      : exitCode === 0
        ? 'passed'
        : 'failed'
  const took = Math.round((performance.now() - began) / 100) / 10
  return {
    step: name,
    state,
    exitCode: limit.aborted ? EXIT.outOfTime : exitCode,
    seconds: took,
    limitSeconds: seconds,
  }
}

export function notRun({ name, seconds }: GateStep): StepResult {
  return { step: name, state: 'not run', exitCode: null, seconds: 0, limitSeconds: seconds }
}

/** Ended with all that it started when the signal fires. 127 when there is no such program. */
async function exitCodeOf(child: ChildProcess, signal: AbortSignal): Promise<number> {
  const ended = Promise.withResolvers<number>()
  child.once('error', () => ended.resolve(127))
  child.once('exit', (code, name) => ended.resolve(code ?? 128 + (name ? constants.signals[name] : 0)))
  const end = () => endTree(child, ended.promise)
  if (signal.aborted) void end()
  signal.addEventListener('abort', end, { once: true })
  return ended.promise.finally(() => signal.removeEventListener('abort', end))
}

/** SIGTERM to every process, because timeout(1) gives each of its children a process group of its own; SIGKILL to what is left. */
async function endTree({ pid }: ChildProcess, ended: Promise<number>): Promise<void> {
  if (pid === undefined) return
  const tree = processesUnder(pid)
  signalAll(tree, 'SIGTERM')
  const late = setTimeout(() => signalAll([...tree, ...processesUnder(pid)], 'SIGKILL'), KILL_AFTER_MS)
  await ended
  clearTimeout(late)
  signalAll([...tree, ...processesUnder(pid)], 'SIGKILL')
}
