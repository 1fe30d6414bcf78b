// The variables by which the compose files name their images.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.ts'
import { readProjectFile } from './text-file.ts'

/** HMA_IMAGE_…, as they stand in the compose files; scripts/images.sh writes their values. */
export function imageVariables(root = ROOT): string[] {
  const files = globSync('docker/docker-compose*.yml', { cwd: root })
  const names = files.flatMap(
    (file) => readProjectFile(join(root, file)).match(/\bHMA_IMAGE_[A-Z0-9_]+/g) ?? [],
  )
  return [...new Set(names)].sort()
}
