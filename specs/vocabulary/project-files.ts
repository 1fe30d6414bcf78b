// The files of the project that its scripts read, each in a state in which nobody can read it.
import { globSync } from 'node:fs'
import { rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { putFile, replaceFile, runAt, runEach } from './files.ts'

const MIGRATE = ['migrate.sh apply', 'migrate.sh status', 'migrate.sh down', 'migrate.sh verify']

/** Each with the scripts that read it before they ask a server. */
export const READ_BY_SCRIPTS: [file: string, lines: string[]][] = [
  ['migrations/0002_users.up.sql', [...MIGRATE, 'check-sql.sh']],
  ['migrations/0002_users.down.sql', [...MIGRATE, 'check-sql.sh']],
  ['migrations/roles.sql', ['migrate.sh apply', 'migrate.sh status', 'migrate.sh verify', 'check-sql.sh']],
  ['migrations/after-apply.sql', ['migrate.sh apply', 'check-sql.sh']],
  ['migrations/runner/ledger.sql', ['check-sql.sh']],
  ['migrations/lint/exceptions.yaml', ['check-sql.sh', 'check-sql.sh seeds/people.sql']],
  ['seeds/reference.sql', ['seed.sh reference', 'seed.sh all', 'check-sql.sh']],
  ['seeds/people.sql', ['seed.sh people', 'seed.sh all', 'check-sql.sh seeds/people.sql']],
  ['seeds/models.sql', ['seed.sh models', 'seed.sh all', 'check-sql.sh']],
  ['ops/stats/db-stats.sql', ['db-stats.sh', 'check-sql.sh']],
  ['ops/stats/audit-sealing.sql', ['db-stats.sh', 'check-sql.sh']],
  ['ops/stats/slow-queries.sql', ['slow-queries.sh', 'check-sql.sh']],
  ['.env.example', ['setup-dev-environment.sh', 'setup-dev-environment.sh --variant test']],
  ['docker/docker-compose.yml', ['env.sh example', 'compose.sh ps']],
  ['docker/docker-compose.test.yml', ['env.sh example', 'compose.sh --variant test ps']],
  ['docker/tools.Dockerfile', ['images.sh status']],
  ['docker/postgres/entrypoint.sh', ['images.sh status']],
  ['scripts/requirements.txt', ['python-tools.sh', 'check-sql.sh', 'check-workflows.sh']],
  ['scripts/go-tools/go.mod', ['check-workflows.sh']],
  ['.github/labels.yaml', ['labels.sh --dry-run']],
  ['.github/actions.lock', ['check-actions.sh']],
]

/** The files of the three variants. */
export const COMPOSE_FILES = ['docker-compose.yml', 'docker-compose.test.yml', 'docker-compose.prod.yml'].map(
  (name) => `docker/${name}`,
)

type Ends = [line: string, outcome: Outcome][]

/** What check-sql.sh and check-workflows.sh install first, and say so, where it is not there. */
export async function installTools(project: Project): Promise<void> {
  await project.run('scripts/python-tools.sh')
}

/** Runs the lines where that file is a folder, and then where it is a link to itself. The set-up takes a lock, so one follows the other. */
export async function runWithUnreadable(
  project: Project,
  file: string,
  lines: string[],
  environment: Record<string, string>,
): Promise<Ends> {
  if (!lines.some((line) => line.endsWith('python-tools.sh'))) await installTools(project)
  await putFile(project, file, 'folder')
  const ends = await runInTurn(project, lines, environment)
  await replaceFile(project, file, 'loop')
  return [...ends, ...(await runInTurn(project, lines, environment))]
}

async function runInTurn(
  project: Project,
  lines: string[],
  environment: Record<string, string>,
): Promise<Ends> {
  const ends: Ends = []
  for (const line of lines) ends.push(...(await runEach(project, [line], environment)))
  return ends
}

/** Puts a folder in the place of each SQL file beside the runner, one after the other; the file with the outcome of apply. */
export async function applyWithEachUnreadable(
  project: Project,
  environment: Record<string, string>,
): Promise<Ends> {
  const files = globSync('migrations/*.sql', { cwd: project.root }).sort()
  const ends: Ends = []
  for (const file of files) {
    const [path, aside] = [join(project.root, file), join(project.root, 'aside')]
    await rename(path, aside)
    await replaceFile(project, file, 'folder')
    ends.push([file, await runAt(project, 'scripts/migrate.sh', ['apply'], environment)])
    await rmdir(path)
    await rename(aside, path)
  }
  return ends
}
