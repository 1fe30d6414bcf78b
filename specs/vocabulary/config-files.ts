// The configuration files that the services without a profile are given, as they are in the checkout.
import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { baseFile } from './compose-files.ts'

interface Base {
  services: Record<string, { profiles?: string[]; configs?: { source: string }[] }>
  configs: Record<string, { file: string }>
}

/** Absolute paths. */
export function configFiles(project: Project): string[] {
  const { services, configs } = baseFile(project) as unknown as Base
  const own = Object.values(services).filter(({ profiles }) => profiles === undefined)
  const names = own.flatMap(({ configs: used = [] }) => used.map(({ source }) => source))
  return [...new Set(names)].map((name) => join(project.root, 'docker', configs[name]?.file ?? name))
}

/** As a clone that was made with umask 077 has them. */
export function hideConfigFiles(project: Project): void {
  for (const file of configFiles(project)) chmodSync(file, statSync(file).mode & 0o700)
}

/** Those that not everybody may read: the programs in the containers run as other users. */
export function unreadableConfigFiles(project: Project): string[] {
  return configFiles(project).filter((file) => (statSync(file).mode & 0o444) !== 0o444)
}
