// What the compose files say as they are written, before compose has rendered them.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Project } from '../../harness/index.ts'

export interface ComposeFile {
  file: string
  text: string
  content: Record<string, unknown> & { services: Record<string, Record<string, unknown> | null> }
}

/** Every compose file of the project, in any folder. Tags such as !reset are ignored. */
export function composeFiles(project: Project): ComposeFile[] {
  const found = globSync('**/*compose*.{yml,yaml}', { cwd: project.root, exclude: ['node_modules', '.venv'] })
  return found.sort().map((file) => {
    const text = readFileSync(join(project.root, file), 'utf8')
    return { file, text, content: parse(text, { merge: true, logLevel: 'silent' }) }
  })
}

/** What docker/docker-compose.yml says, which the variants change. */
export function baseFile(project: Project): ComposeFile['content'] {
  const base = composeFiles(project).find(({ file }) => file === 'docker/docker-compose.yml')
  return base?.content ?? { services: {} }
}

/** How many services, networks, volumes and published ports the base file declares. */
export function declaredCounts(project: Project) {
  const base = baseFile(project)
  const count = (key: string) => Object.keys(base[key] ?? {}).length
  const ports = Object.values(base.services).flatMap(
    (service) => (service?.ports as unknown[] | undefined) ?? [],
  )
  return {
    services: count('services'),
    networks: count('networks'),
    volumes: count('volumes'),
    ports: ports.length,
  }
}

/** Profiles that any compose file names. */
export function profilesOf(project: Project): string[] {
  const named = composeFiles(project).flatMap(({ content }) =>
    Object.values(content.services).flatMap((service) => (service?.profiles as string[] | undefined) ?? []),
  )
  return [...new Set(named)].sort()
}
