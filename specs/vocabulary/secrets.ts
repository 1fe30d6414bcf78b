// Secret files: a folder with one of them changed, and a search for their contents where they must not be.
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import { prepare, prodSecretsOf, type Variant } from './compose.ts'
import { containersOf } from './containers.ts'

export interface Change {
  /** Undefined leaves the file out. */
  content?: string | undefined
  mode?: number
}

/** A folder with the secrets of that variant, one of them changed. */
export async function secretsWith(
  project: Project,
  variant: Variant,
  name: string,
  change: Change,
): Promise<string> {
  await prepare(project)
  const own = variant === 'prod' ? prodSecretsOf(project) : join(project.root, '.hma/secrets')
  const folder = await mkdtemp(`${own}-`)
  const file = join(folder, name)
  await cp(own, folder, { recursive: true })
  if ('content' in change) await rm(file)
  if (change.content !== undefined) await writeFile(file, change.content)
  if (change.mode !== undefined) await chmod(file, change.mode)
  return folder
}

/** Names of the secrets of a running prod stack that appear in inspect, a log or a process list. */
export async function exposedSecrets(project: Project): Promise<string[]> {
  const containers = await containersOf(project, 'prod')
  const ids = containers.map(({ id }) => id)
  const running = containers.filter(({ status }) => status === 'running').map(({ id }) => id)
  const outputs = await Promise.all([
    execa('docker', ['inspect', ...ids]),
    ...ids.map((id) => execa('docker', ['logs', id], { all: true })),
    ...running.map((id) => execa('docker', ['top', id, '-o', 'pid,args'])),
  ])
  const text = outputs.map((each) => `${each.stdout}${each.stderr}`).join('\n')
  const folder = prodSecretsOf(project)
  const contents = await Promise.all(
    (await readdir(folder)).map(
      async (name) => [name, (await readFile(join(folder, name), 'utf8')).trim()] as const,
    ),
  )
  return contents.filter(([, content]) => text.includes(content)).map(([name]) => name)
}
