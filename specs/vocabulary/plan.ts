// What the plan names literally: commands, files, packages, labels.

/** The commands of the plan, as its reader types them after the set-up. */
export const COMMANDS = [
  'docker compose -f docker/docker-compose.yml config',
  './scripts/migrate.sh apply',
  './scripts/migrate.sh status',
  'scripts/db-stats.sh',
  'scripts/slow-queries.sh',
  'scripts/cache-stats.sh',
  'scripts/smoke.sh',
  'scripts/backup.sh',
  'scripts/restore-test.sh',
] as const

export const FILES = [
  'docker/docker-compose.yml',
  'docker/docker-compose.prod.yml',
  'docker/docker-compose.test.yml',
  '.env.example',
  'README.md',
  'MVP_TODO.md',
  'CONTRIBUTING.md',
  'docs/workstreams.md',
  'docs/runbooks/onboarding.md',
  'docs/runbooks/operations.md',
  'docs/recovery-drills.md',
  '.github/ISSUE_TEMPLATE/workstream-epic.md',
  '.github/ISSUE_TEMPLATE/task.md',
  '.github/labels.yaml',
  '.github/pull_request_template.md',
  '.github/CODEOWNERS',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'vitest.config.ts',
  'package.json',
  'scripts/setup-dev-environment.sh',
  'scripts/migrate.sh',
  'scripts/db-stats.sh',
  'scripts/slow-queries.sh',
  'scripts/cache-stats.sh',
  'scripts/smoke.sh',
  'scripts/backup.sh',
  'scripts/restore.sh',
  'scripts/restore-test.sh',
]

export const FOLDERS = ['harness', 'migrations', 'seeds', 'specs', 'ml-stub', 'docker', 'docs']

export const PACKAGES = [
  'testcontainers',
  '@testcontainers/postgresql',
  '@testcontainers/redis',
  '@testcontainers/minio',
  'pg',
  'umzug',
  'vitest',
  'supertest',
]

/** Labels of the plan, and that of the gate. */
export const LABELS = [
  'infra',
  'database',
  'ml',
  'ci-cd',
  'observability',
  'security',
  'docs',
  'backups',
  'good-first-issue',
  'run-acceptance',
]

/** Workstream, what it depends on, and its epics. */
export const WORKSTREAMS: [letter: string, name: RegExp, dependsOn: RegExp, epics: string[]][] = [
  ['A', /Local dev infra/, /\.env/, ['A1 Compose hardening']],
  ['B', /Database and migrations/, /nothing/, ['B1 Auth core migrations', 'B2 RLS baseline (opt-in)']],
  ['C', /Security and compliance/, /^B$/, ['C1 Roles and RLS']],
  ['D', /CI\/CD and quality gates/, /A and B/, ['D1 Quality gates']],
  ['E', /Observability and monitoring/, /^A$/, ['E1 Prometheus (optional)']],
  ['F', /ML server/, /running stack; B/, ['F1 ML contract baseline']],
  ['G', /Backups/, /B complete/, ['G1 Scheduled backups']],
  ['H', /Documentation/, /–/, ['H1 Docs hardening']],
]
