// Variables for specs: which are read, and what a script prints when one is missing or invalid.
import { globSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { prepare } from './compose.ts'
import { composeFiles } from './compose-files.ts'

/** The text of .env.example, without the newline at its end. */
export function readEnvExample({ root }: Project): string {
  return readFileSync(join(root, '.env.example'), 'utf8').replace(/\n$/, '')
}

/** Names in .env.example, with a value or in a comment. */
export function variablesInExample(project: Project): string[] {
  return [...readEnvExample(project).matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name)
}

/** Names that have a value in .env.example. */
export function variablesWithValue(project: Project): string[] {
  return [...readEnvExample(project).matchAll(/^([A-Z][A-Z0-9_]*)=./gm)].map(([, name = '']) => name)
}

/** Names that compose files, scripts and programs read, found in their text without comments. */
export function variablesRead(project: Project): Set<string> {
  const own = new Set(namesIn(project, ['scripts/lib.sh'], /^(HMA_[A-Z_]+)=/gm))
  const read = [
    ...composeFiles(project).flatMap(({ text }) =>
      matches(withoutComments(text).replaceAll('$$', ''), /\$\{?([A-Z_a-z]\w*)/g),
    ),
    ...namesIn(project, SCRIPTS, /\b(HMA_[A-Z0-9_]*[A-Z0-9])\b/g),
    ...namesIn(project, PROGRAMS, /(?<!\$\{)\b(HMA_[A-Z0-9_]*[A-Z0-9])\b/g),
    ...otherNames(project).filter((name) => !OF_OTHERS.has(name)),
  ]
  return new Set(read.filter((name) => !own.has(name)))
}

/** Variables that somebody else defines, and that mean the same to every program. */
const OF_OTHERS = new Set([
  // the system and the login
  ...['PATH', 'HOME', 'USER', 'TMPDIR', 'XDG_RUNTIME_DIR'],
  // the docker command
  ...['DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'],
  'DOCKER_DEFAULT_PLATFORM',
  // the certificates of Node and OpenSSL
  ...['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
  // GitHub, and what the workflow of the gate hands to its scripts
  ...['GITHUB_OUTPUT', 'EVENT', 'REF', 'LABEL', 'DRAFT', 'RESULTS', 'HEAD_SHA', 'BASE_SHA'],
])

/** Names without our prefix that scripts and programs read from their environment. */
function otherNames(project: Project): string[] {
  const taken = namesIn(project, PROGRAMS, /\{([^{}]*)\}\s*=\s*process\.env\b/g)
  return [
    ...namesIn(project, OF_THIS_MACHINE, /\$\{([A-Z]\w*):?[-+?]/g),
    ...namesIn(
      project,
      [...OF_THIS_MACHINE, ...PROGRAMS],
      /\b(?:env|environment|variables)\.([A-Z][A-Z0-9_]*)\b/g,
    ),
    ...taken.flatMap((list) => matches(list, /(?:^|,)\s*([A-Z]\w*)/g)),
  ]
}

const SCRIPTS = ['scripts/**/*.sh', 'scripts/doctor', 'docker/**/*.sh', '.ci/run']
/** Without those that run in a container, whose variables the compose files set. */
const OF_THIS_MACHINE = ['scripts/**/*.sh', 'scripts/doctor', '.ci/run']
const PROGRAMS = ['*/**/*.ts']
/** These define the variables; specs and tests set what others read. */
const NOT_READERS = [
  'node_modules',
  '.venv',
  'specs',
  'bench',
  // Its variables are set in the compose file alone.
  'docker/redis-commander',
  '**/*.test.ts',
  'config/{variables,services}.ts',
]

function namesIn(project: Project, patterns: string[], name: RegExp): string[] {
  const files = globSync(patterns, { cwd: project.root, exclude: NOT_READERS })
  return files.flatMap((file) =>
    matches(withoutComments(readFileSync(join(project.root, file), 'utf8')), name),
  )
}

/** Without comments. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(?:#|\/\/|\/?\*).*$/gm, '').replaceAll(/\s(?:#|\/\/) .*$/gm, '')
}

function matches(text: string, name: RegExp): string[] {
  return [...text.matchAll(name)].map(([, found = '']) => found)
}

/** A secret may come as a file: its reader appends _FILE to the name of the variable. */
export function withoutFileSuffix(names: Iterable<string>): Set<string> {
  return new Set([...names].map((name) => name.replace(/_FILE$/, '')))
}

export interface ScriptOutput {
  exitCode: number
  stdout: string
  /** Lines on standard error. */
  lines: string[]
}

/** Exit code 2 and one line, which names the variable. */
export function usageErrorNaming(name: string, expecting: (text: string) => unknown): ScriptOutput {
  return { exitCode: 2, stdout: '', lines: [expecting(name) as string] }
}

export function outputOf({ exitCode, stdout, stderr }: Outcome): ScriptOutput {
  return { exitCode, stdout, lines: stderr.split('\n') }
}

/** What `scripts/compose.sh up` prints when the line of one of these variables is absent from .env, or empty, for each of them. */
export async function startWithoutEach(
  project: Project,
  names: string[],
  line: 'absent' | 'empty',
): Promise<ScriptOutput[]> {
  const { HMA_PROJECT = '' } = await prepare(project)
  const file = join(project.root, '.env')
  const complete = `${await readFile(file, 'utf8')}\n`.replace(
    'HMA_PROJECT=hma\n',
    `HMA_PROJECT=${HMA_PROJECT}\n`,
  )
  const outputs: ScriptOutput[] = []
  for (const name of names) {
    await writeFile(
      file,
      complete.replace(new RegExp(`^${name}=.*\n`, 'm'), line === 'empty' ? `${name}=\n` : ''),
    )
    outputs.push(outputOf(await project.run('scripts/compose.sh', ['up', '--wait'])))
  }
  return outputs
}

/** What a script prints with these variables in its environment. */
export async function runWith(
  project: Project,
  script: string,
  words: string[],
  variables: Record<string, string>,
): Promise<ScriptOutput> {
  const own = await prepare(project)
  return outputOf(await project.run(script, words, { environment: { ...own, ...variables } }))
}
