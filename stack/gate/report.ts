// What the gate prints: a table of its steps.
import type { StepResult } from './run-step.ts'
import type { GateStep } from './steps.ts'

const MARK = { passed: '✓', failed: '✗', 'out of time': '✗', interrupted: '✗', 'not run': '·' } as const

export function tableOf(results: StepResult[], seconds: number): string {
  const width = Math.max(...results.map(({ step }) => step.length))
  const lines = results.map(({ step, state, exitCode, seconds: took, limitSeconds }) => {
    const code = state === 'failed' ? ` with exit code ${exitCode}` : ''
    const time = state === 'not run' ? '' : `${took.toFixed(1).padStart(7)} s of ${limitSeconds} s`
    return `  ${MARK[state]} ${step.padEnd(width)}  ${time.padEnd(18)}  ${state}${code}`
  })
  const failed = results.find(({ state }) => state !== 'passed')
  return [
    ...lines,
    `gate: ${failed ? `${failed.step} ${failed.state}` : 'passed'} in ${Math.round(seconds)} s`,
  ].join('\n')
}

export function listOf(steps: GateStep[]): string {
  const width = Math.max(...steps.map(({ name }) => name.length))
  return steps
    .map(({ name, seconds, commands }) => {
      const typed = commands.map((words) => words.join(' ')).join(' && ')
      return `${name.padEnd(width)}  ${String(seconds).padStart(4)} s  ${typed}`
    })
    .join('\n')
}
