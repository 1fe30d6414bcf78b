// Files that a script reads, in every state that a person or a tool may leave them in.
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, type Outcome, type Project } from '../../harness/index.ts'

/** `folder` and `loop` (a link to itself, which even root cannot read); else the content, or undefined for no file. */
type State = 'folder' | 'loop' | string | Buffer | undefined

const LARGE = 'A=1\n'.repeat(100_000)

export const STATES: [what: string, state: State][] = [
  ['a folder', 'folder'],
  ['a link to itself', 'loop'],
  ['binary', Buffer.from([0, 255, 1, 10])],
  ['huge', LARGE],
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
  if (file.startsWith('.hma/')) await project.run('scripts/env.sh', ['secrets'])
  const path = join(project.root, file)
  await rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true })
  if (state === 'folder') await mkdir(path)
  else if (state === 'loop') await symlink(path, path)
  else if (state !== undefined) {
    await writeFile(path, state)
    await chmod(path, 0o444)
  }
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

export function runAt(
  project: Project,
  script: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return project.run(script, [...words], { environment })
}

/** Nothing on standard output, and one line on standard error with what, the name, and the next act. */
export function oneLine(exitCode: number, named: string): Outcome {
  return {
    exitCode,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`^[^\\n]*${named}[^\\n]* Next: [^\\n]+$`)),
  }
}
