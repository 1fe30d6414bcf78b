// What happens to a stack from outside: containers that are killed, paused, removed, and secrets that are lost.
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import { containersOf, nameOf } from './containers.ts'
import { run } from './stack.ts'

/** Runs `docker COMMAND` on every running container of the stack, and on those that ended where it removes them. */
export async function breakAll(project: Project, command: string): Promise<void> {
  const all = await containersOf(project)
  const hit = command.startsWith('rm') ? all : all.filter(({ status }) => status === 'running')
  await execa('docker', [...command.split(' '), ...hit.map(({ id }) => id)])
}

export async function pause(project: Project, service: string): Promise<void> {
  await execa('docker', ['pause', nameOf(project, service)])
}

/** Removes Postgres's container and its volume, while what needs them runs on. */
export async function loseDatabase(project: Project): Promise<void> {
  await run(project, ['rm', '--stop', '--force', 'postgres'])
  await execa('docker', ['volume', 'rm', `${project.composeName}-test_postgres-data`])
}

/** Starts a service of the profile tools, and kills it. */
export async function stopTool(project: Project, service: string): Promise<void> {
  await run(project, ['--profile', 'tools', 'up', '--wait', '--no-deps', service])
  await execa('docker', ['kill', nameOf(project, service)])
}

/** Every secret file of the project. */
export async function secretNames({ root }: Project): Promise<string[]> {
  return (await readdir(join(root, '.hma/secrets'))).sort()
}

/** Removes secret files, and returns their contents. */
export async function loseSecrets({ root }: Project, names: string[]): Promise<Record<string, string>> {
  const entries = names.map(async (name) => {
    const file = join(root, '.hma/secrets', name)
    const content = await readFile(file, 'utf8')
    await rm(file)
    return [name, content] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

export async function restoreSecrets({ root }: Project, secrets: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(secrets)) {
    await writeFile(join(root, '.hma/secrets', name), content)
    await chmod(join(root, '.hma/secrets', name), 0o444)
  }
}
