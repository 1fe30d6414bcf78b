// Which scripts something runs: a spec, or a block of a document that a spec types.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { documents, runFences } from './fences.ts'
import { COMMANDS } from './plan.ts'

const SCRIPT = String.raw`(?:\./)?((?:scripts|\.ci)/[\w.-]*\w)`
/** The functions with which specs run a script of a copy of the project. */
const CALL = new RegExp(String.raw`\b(?:run|start|typed)\(\s*(?:\w+,\s*)?['"\`]${SCRIPT}`, 'g')
/** Where a command begins, in a block or in a list of commands. */
const COMMAND = new RegExp(String.raw`(?:^|[;&|({!]|\$\()\s*${SCRIPT}`, 'gm')

/** The scripts among these paths that nothing runs. */
export function scriptsNotRun(project: Project, paths: string[]): string[] {
  const run = new Set([
    ...specsOf(project).flatMap((text) => namesIn(text, CALL)),
    ...COMMANDS.flatMap((command) => namesIn(command, COMMAND)),
    ...documents(project)
      .flatMap((file) => runFences(project, file))
      .flatMap(({ text }) => namesIn(text, COMMAND)),
  ])
  return scriptsIn(paths).filter((script) => !run.has(script))
}

/** Those that name a script. */
export function scriptsIn(paths: string[]): string[] {
  return paths.filter((path) => /^(?:scripts|\.ci)\/./.test(path))
}

function specsOf({ root }: Project): string[] {
  const files = globSync('specs/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.faults.ts'))
  return files.map((file) => readFileSync(join(root, file), 'utf8'))
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name)
}
