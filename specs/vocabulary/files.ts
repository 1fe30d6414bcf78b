// Files that a script reads, in every state that a person or a tool may leave them in.
import { globSync } from 'node:fs'
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect, type Outcome, type Project } from '../../harness/index.ts'

/** `folder`, `loop` (a link to itself, which even root cannot read) and `pipe`; else the content, or undefined for no file. */
type State = 'folder' | 'loop' | 'pipe' | string | Buffer | undefined

const LARGE = 'A=1\n'.repeat(100_000)

export const STATES: [what: string, state: State][] = [
  ['a folder', 'folder'],
  ['a link to itself', 'loop'],
  // Nobody writes into it: whoever opens it to read waits without an end.
  ['a named pipe', 'pipe'],
  ['binary', Buffer.from([0, 255, 1, 10])],
  ['of bytes that are no UTF-8', Buffer.from('secret\xff\n', 'latin1')],
  ['huge', LARGE],
  ['of one huge line', 'x'.repeat(LARGE.length)],
  ['begun with a BOM', '\uFEFFHMA_PROJECT=hma\n'],
]

export const SECRET_STATES: [what: string, state: State][] = [
  ...STATES,
  ['missing', undefined],
  ['empty', ''],
  ['of two lines', 'one\ntwo\n'],
  ['ended with a carriage return', 'secret\r\n'],
  ['begun with a blank', ' secret'],
]

/** Brings .env and secrets, then that file into the state. */
export async function putFile(project: Project, file: string, state: State): Promise<void> {
  await writeFile(join(project.root, '.env'), await defaults(project))
  if (file.startsWith('.hma/')) await createSecrets(project)
  await replaceFile(project, file, state)
}

/** Brings that file alone into the state. */
export async function replaceFile(project: Project, file: string, state: State): Promise<void> {
  const path = join(project.root, file)
  await rm(path, { recursive: true, force: true })
  await mkdir(dirname(path), { recursive: true })
  if (state === 'folder') await mkdir(path)
  else if (state === 'loop') await symlink(path, path)
  else if (state === 'pipe') await execa('mkfifo', [path])
  else if (state !== undefined) {
    await writeFile(path, state)
    await chmod(path, 0o444)
  }
}

/** Those of .env that is there. */
export async function createSecrets(project: Project): Promise<void> {
  await project.run('scripts/env.sh', ['secrets'])
}

async function defaults(project: Project): Promise<string> {
  const { stdout } = await project.run('scripts/env.sh', ['example'])
  return `${stdout}\n`.replace('HMA_PROJECT=hma\n', `HMA_PROJECT=${project.composeName}\n`)
}

/** Puts a file where the lock needs a folder, or a folder where it needs a file. */
export async function blockLock({ root }: Project, file: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), '')
}

/** Below that of a test, so that a script that hangs fails by its exit code, 137. */
const RUN_WITHIN_MS = 30_000

export function runAt(
  project: Project,
  script: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return project.run(script, [...words], { environment, timeoutMs: RUN_WITHIN_MS })
}

/** Every script that people type. lib.sh is sourced, and newest-engine.sh takes the command of somebody else. */
export function scriptsOf({ root }: Project): string[] {
  const found = globSync(['scripts/*.sh', 'scripts/doctor'], { cwd: root }).sort()
  return found.filter((script) => !/\/(?:lib|newest-engine)\.sh$/.test(script))
}

/** The scripts that read .env, each with words that it accepts. First and last are those that take the lock. */
export const READERS_OF_ENV = [
  ...['setup-dev-environment.sh', 'compose.sh ps', 'smoke.sh'],
  ...['env.sh check', 'env.sh secrets', 'env.sh where', 'images.sh env'],
  ...['migrate.sh status', 'seed.sh reference', 'audit.sh head'],
  ...['db-stats.sh', 'slow-queries.sh', 'cache-stats.sh'],
  ...['backup.sh', 'backup.sh --list', 'backup-prune.sh', 'restore-test.sh'],
  ...['restore.sh --database copy', 'restore.sh --to-time latest', 'gate.sh --only smoke'],
  'teardown.sh --data',
].map((line) => `scripts/${line}`)

/** Those that work in a container of the service backup. */
const WITH_A_CONTAINER = [
  ...['backup.sh', 'backup.sh --list', 'backup-prune.sh --dry-run', 'restore-test.sh'],
  ...['restore.sh --database copy', 'restore.sh --to-time latest'],
]

/** The scripts that read docker/images.lock; the set-up and the doctor report it with what else they find. */
export const READERS_OF_LOCK = [
  ...['images.sh status', 'images.sh ensure', 'images.sh env', 'compose.sh ps', 'teardown.sh'],
  ...WITH_A_CONTAINER,
].map((line) => `scripts/${line}`)

/** The scripts that read secrets before they ask a server; the set-up makes one that is missing. */
export const READERS_OF_SECRETS = [
  ...['env.sh check --secrets', 'smoke.sh --only redis'],
  ...WITH_A_CONTAINER,
].map((line) => `scripts/${line}`)

/** Each ends with an option that lacks its value. */
export const LACK_A_VALUE = [
  ...['teardown.sh --variant', 'compose.sh --variant', 'setup-dev-environment.sh --variant'],
  ...['smoke.sh --variant', 'smoke.sh --within', 'smoke.sh --only', 'env.sh where --variant'],
  ...['backup.sh --variant', 'backup-prune.sh --variant', 'restore-test.sh --variant'],
  ...['restore.sh --database copy --variant', 'restore.sh --to-time'],
  ...['migrate.sh apply --to', 'audit.sh verify --head', 'db-stats.sh --watch', 'cache-stats.sh --timeout'],
  ...['accept.sh --shard', 'gate.sh --only', 'doctor --need-disk', 'doctor --only'],
].map((line) => `scripts/${line}`)

export const TAKE_THE_LOCK = ['scripts/teardown.sh', 'scripts/setup-dev-environment.sh']

/** The doctor keeps the small numbers for what it finds. */
export function wrongUseOf(line: string): number {
  return line.startsWith('scripts/doctor ') ? 64 : 2
}

const SIDE_BY_SIDE = 4

/** Runs each line, some of them side by side, and returns it with its outcome. */
export async function runEach(
  project: Project,
  lines: string[],
  environment: Record<string, string> = {},
): Promise<[line: string, outcome: Outcome][]> {
  const run = async (line: string): Promise<[string, Outcome]> => {
    const [script = '', ...words] = line.split(' ')
    return [line, await runAt(project, script, words, environment)]
  }
  const outcomes: [string, Outcome][] = []
  for (let at = 0; at < lines.length; at += SIDE_BY_SIDE)
    outcomes.push(...(await Promise.all(lines.slice(at, at + SIDE_BY_SIDE).map(run))))
  return outcomes
}

/** Nothing on standard output, and one line on standard error with what, the name, and the next act. */
export function oneLine(exitCode: number, named: string): Outcome {
  return {
    exitCode,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`^[^\\n]*${named}[^\\n]* Next: [^\\n]+$`)),
  }
}
