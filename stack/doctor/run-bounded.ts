// Runs another program with a limit of time. A program that is missing is a result, too. Node's own modules only.
import { execFile } from 'node:child_process'
import { withoutGitVariables } from '../../config/git.ts'

export interface BoundedResult {
  exitCode: number | 'no such program' | 'out of time'
  stdout: string
  stderr: string
}

const WITHIN_MS = 10_000

/** Never rejects. */
export function runBounded(program: string, args: string[], cwd?: string): Promise<BoundedResult> {
  const limits = { timeout: WITHIN_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 24 } as const
  const options = { ...limits, cwd, env: withoutGitVariables() }
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ exitCode: exitCodeOf(error), stdout, stderr })
    })
  })
}

function exitCodeOf(error: (Error & { code?: unknown; killed?: boolean }) | null): BoundedResult['exitCode'] {
  if (error === null) return 0
  if (error.killed) return 'out of time'
  return typeof error.code === 'number' ? error.code : 'no such program'
}
