// The verbs specs use for secret files.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { prepare, prodSecretsOf } from './compose.ts'

/** A folder with the secrets of the project's prod, one of them with another content; undefined leaves it out. */
export async function prodSecretsWith(project: Project, name: string, content?: string): Promise<string> {
  await prepare(project)
  const folder = await mkdtemp(`${prodSecretsOf(project)}-`)
  await cp(prodSecretsOf(project), folder, { recursive: true })
  await rm(join(folder, name))
  if (content !== undefined) await writeFile(join(folder, name), content)
  return folder
}
