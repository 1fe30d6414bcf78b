// The verbs specs use for variables: who reads which, and what a script says to one that is missing or wrong.
import { globSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { composeFiles, prepare } from './compose.ts'

/** The text of .env.example, without its last line's end. */
export function exampleOf({ root }: Project): string {
  return readFileSync(join(root, '.env.example'), 'utf8').replace(/\n$/, '')
}

/** Names in .env.example, given a value or as a comment. */
export function namesInExample(project: Project): string[] {
  return [...exampleOf(project).matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name)
}

/** Names that stand in .env.example with a value. */
export function namesWithValue(project: Project): string[] {
  return [...exampleOf(project).matchAll(/^([A-Z][A-Z0-9_]*)=./gm)].map(([, name = '']) => name)
}

/** Names that compose files, scripts and programs read: found in their text, without comments. */
export function namesRead(project: Project): Set<string> {
  const own = new Set(namesIn(project, ['scripts/lib.sh'], /^(HMA_[A-Z_]+)=/gm))
  const read = [
    ...composeFiles(project).flatMap(({ text }) =>
      matches(bare(text).replaceAll('$$', ''), /\$\{?([A-Z_a-z]\w*)/g),
    ),
    ...namesIn(project, SCRIPTS, /\b(HMA_[A-Z0-9_]*[A-Z0-9])\b/g),
    ...namesIn(project, PROGRAMS, /(?<!\$\{)\b(HMA_[A-Z0-9_]*[A-Z0-9])\b/g),
  ]
  return new Set(read.filter((name) => !own.has(name)))
}

const SCRIPTS = ['scripts/**/*.sh', 'scripts/doctor', 'docker/**/*.sh', '.ci/run']
const PROGRAMS = ['*/**/*.ts']
/** The list itself reads nothing; specs and tests set what others read. */
const NO_READER = ['node_modules', '.venv', 'specs', 'bench', '**/*.test.ts', 'config/variables.ts']

function namesIn(project: Project, patterns: string[], name: RegExp): string[] {
  const files = globSync(patterns, { cwd: project.root, exclude: NO_READER })
  return files.flatMap((file) => matches(bare(readFileSync(join(project.root, file), 'utf8')), name))
}

/** Without comments: what is told there is read by nobody. */
function bare(text: string): string {
  return text.replaceAll(/^\s*(?:#|\/\/|\/?\*).*$/gm, '').replaceAll(/\s(?:#|\/\/) .*$/gm, '')
}

function matches(text: string, name: RegExp): string[] {
  return [...text.matchAll(name)].map(([, found = '']) => found)
}

/** A secret may come as a file, whose variable is made from its name where it is read. */
export function withoutFile(names: Iterable<string>): Set<string> {
  return new Set([...names].map((name) => name.replace(/_FILE$/, '')))
}

export interface Told {
  exitCode: number
  stdout: string
  /** Lines on standard error. */
  lines: string[]
}

/** Exit code 2 and one line, which names the variable. */
export function refusing(name: string, expecting: (text: string) => unknown): Told {
  return { exitCode: 2, stdout: '', lines: [expecting(name) as string] }
}

export function told({ exitCode, stdout, stderr }: Outcome): Told {
  return { exitCode, stdout, lines: stderr.split('\n') }
}

/** What `scripts/compose.sh up` says to each variable that .env has lost, one after the other. */
export async function withoutEach(project: Project, names: string[]): Promise<Told[]> {
  const { HMA_PROJECT = '' } = await prepare(project)
  const file = join(project.root, '.env')
  const whole = `${await readFile(file, 'utf8')}\n`.replace(
    'HMA_PROJECT=hma\n',
    `HMA_PROJECT=${HMA_PROJECT}\n`,
  )
  const answers: Told[] = []
  for (const name of names) {
    await writeFile(file, whole.replace(new RegExp(`^${name}=.*\n`, 'm'), ''))
    answers.push(told(await project.run('scripts/compose.sh', ['up', '--wait'])))
  }
  return answers
}

/** What a script says with these variables in its environment. */
export async function saysTo(
  project: Project,
  script: string,
  words: string[],
  variables: Record<string, string>,
): Promise<Told> {
  const own = await prepare(project)
  return told(await project.run(script, words, { environment: { ...own, ...variables } }))
}
