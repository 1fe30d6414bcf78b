// The variables by which the compose files name their images.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.ts'
import { readProjectFile } from './text-file.ts'

/** Those of the variants. Looked for by their pattern alone, a missing one would only make the list shorter. */
const FILES = ['docker-compose', 'docker-compose.test', 'docker-compose.prod'].map(
  (name) => `docker/${name}.yml`,
)

/** HMA_IMAGE_…, as they stand in the compose files; scripts/images.sh writes their values. Throws CliError (2) where one is missing. */
export function imageVariables(root = ROOT): string[] {
  const files = new Set([...FILES, ...globSync('docker/docker-compose*.yml', { cwd: root })])
  const names = [...files].flatMap(
    (file) => readProjectFile(join(root, file)).match(/\bHMA_IMAGE_[A-Z0-9_]+/g) ?? [],
  )
  return [...new Set(names)].sort()
}
