// The doctor runs before `npm ci`. What needs the dependencies is imported only once they are there.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export function dependenciesAreInstalled(root: string): boolean {
  return ['pg', 'zod', 'yaml'].every((name) => existsSync(join(root, 'node_modules', name)))
}
