// What exists in the project under which name.
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

/** Those of the paths that are not there, or are something else. */
export function missingPaths(
  { root }: Project,
  paths: string[],
  kind: 'file' | 'folder' | 'executable',
): string[] {
  return paths.filter((path) => !is(join(root, path), kind))
}

function is(path: string, kind: 'file' | 'folder' | 'executable'): boolean {
  try {
    const found = statSync(path)
    if (kind === 'executable') accessSync(path, constants.X_OK)
    return kind === 'folder' ? found.isDirectory() : found.isFile() && found.size > 0
  } catch {
    return false
  }
}

/** Paths that docs/workstreams.md names as code, a folder with its slash. Branches are none. */
export function pathsOfPlan({ root }: Project): string[] {
  const text = readFileSync(join(root, 'docs/workstreams.md'), 'utf8')
  const names = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*|\.?[\w-]+\.[\w.-]+)`/g)].map(
    ([, name = '']) => name,
  )
  return [...new Set(names)].filter((name) => !name.startsWith('ws/'))
}

/** Profiles of compose that docs/workstreams.md names. */
export function profilesOfPlan({ root }: Project): string[] {
  const text = readFileSync(join(root, 'docs/workstreams.md'), 'utf8')
  return [...text.matchAll(/\bprofiles?\s+`([^`]+)`/g)].map(([, name = '']) => name)
}

/** Names of the packages that package.json asks for. */
export function developmentPackages({ root }: Project): string[] {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.keys({ ...dependencies, ...devDependencies })
}

/** What the configuration of Vitest includes. */
export async function configuredSpecs({ root }: Project): Promise<string> {
  return readFileSync(join(root, 'vitest.config.ts'), 'utf8')
}
