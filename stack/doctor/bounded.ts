// Other programs are asked with a limit of time, and a program that is not there is an answer, too.
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Answer {
  exitCode: number | 'no such program' | 'out of time'
  stdout: string
  stderr: string
}

export interface Question {
  cwd?: string
  withinMs?: number
}

const WITHIN_MS = 10_000

/** Never rejects. */
export function ask(program: string, words: string[], { cwd, withinMs = WITHIN_MS }: Question = {}) {
  const options = { timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: 2 ** 24, cwd } as const
  return new Promise<Answer>((resolve) => {
    execFile(program, words, options, (error, stdout, stderr) => {
      resolve({ exitCode: exitCodeOf(error), stdout, stderr })
    })
  })
}

function exitCodeOf(error: (Error & { code?: unknown; killed?: boolean }) | null): Answer['exitCode'] {
  if (error === null) return 0
  if (error.killed) return 'out of time'
  return typeof error.code === 'number' ? error.code : 'no such program'
}

/** Where the shell would find a program. */
export function pathOf(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, program)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
