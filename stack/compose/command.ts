// The docker compose command of one variant of the stack.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../config/root.ts'
import type { StackSettings } from '../../config/stack-settings.ts'

/**
 * Options that go between `docker compose` and its command: project, files and variables. .env is the file that compose also reads
 * when it is called without our wrapper, through the link docker/.env; named here, so that none of the current folder is read.
 */
export function composeOptions({ variant, project }: StackSettings): string[] {
  const files = ['docker-compose.yml', ...(variant === 'dev' ? [] : [`docker-compose.${variant}.yml`])]
  const variables = join(ROOT, '.env')
  return [
    ...['--project-name', project, ...files.flatMap((file) => ['-f', join(ROOT, 'docker', file)])],
    ...(existsSync(variables) ? ['--env-file', variables] : []),
  ]
}
