// What a superuser runs before the migrations: roles.sql and database.sql.
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

/** Adds a line to one of its files. */
export async function editPrelude(project: Project, file: string, line = '-- edited'): Promise<void> {
  await appendFile(join(project.root, 'migrations', file), `${line}\n`)
}

/** Runs scripts of the project one after the other, each given as one line. */
export async function exitCodesOf(
  project: Project,
  environment: Record<string, string>,
  commands: string[],
): Promise<number[]> {
  const exitCodes: number[] = []
  for (const command of commands) {
    const [script = '', ...words] = command.split(' ')
    exitCodes.push((await project.run(`scripts/${script}`, words, { environment })).exitCode)
  }
  return exitCodes
}
