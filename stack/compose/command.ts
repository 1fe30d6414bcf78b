// The docker compose command of one variant of the stack.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../config/root.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
import { IMAGES_ENV } from '../images/images-env.ts'

/** Options that go between `docker compose` and its command: project, files, variables and images. */
export function composeOptions({ variant, project }: StackSettings): string[] {
  const files = ['docker-compose.yml', ...(variant === 'dev' ? [] : [`docker-compose.${variant}.yml`])]
  const variables = ['.env', IMAGES_ENV].map((file) => join(ROOT, file)).filter((file) => existsSync(file))
  return [
    ...['--project-directory', ROOT, '--project-name', project],
    ...files.flatMap((file) => ['-f', join(ROOT, 'docker', file)]),
    ...variables.flatMap((file) => ['--env-file', file]),
  ]
}
