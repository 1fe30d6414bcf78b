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
  'scripts/restore.sh --database hma_plan',
  'scripts/setup-dev-environment.sh',
] as const

/** A command of the plan that needs no stack. */
export const RUN_TESTS = 'npx vitest'

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

/** What done means for every piece of work. */
export const DONE = ['merged to main', 'documentation updated', 'smoke tests green']

export const MILESTONES = ['MVP', 'alpha']

export interface Workstream {
  letter: string
  name: string
  dependsOn: string
  epics: string[]
  /** Those of the plan, word by word, and then one of ours where the acceptance list has more. */
  tasks: string[]
}

export const WORKSTREAMS: Workstream[] = [
  {
    letter: 'A',
    name: 'Local dev infra (compose)',
    dependsOn: 'only the shared `.env` schema',
    epics: ['A1 Compose hardening'],
    tasks: [
      'A1.1 no version key, validated',
      'A1.2 dev/test/prod differences in the README',
      'A1.3 bucket created over the right network',
      'A1.4 variables, doctor, defaults',
    ],
  },
  {
    letter: 'B',
    name: 'Database and migrations',
    dependsOn: 'nothing for dev',
    epics: ['B1 Auth core migrations', 'B2 RLS baseline (opt-in)'],
    tasks: [
      'B1.1 users, sessions, legal_acceptance',
      'B1.2 partitioned audit_log and monthly helper',
      'B1.3 updated_at and audit triggers',
      'B1.4 test users, idempotent seeds',
      'B2.1 row security on auth.*, owner-only',
      'B2.2 grant review of hma_app and analytics_reader',
    ],
  },
  {
    letter: 'C',
    name: 'Security and compliance',
    dependsOn: 'B',
    epics: ['C1 Roles and RLS'],
    tasks: [
      'C1.1 default privileges',
      'C1.2 policies on auth tables',
      'C1.3 classification of columns, analytics',
    ],
  },
  {
    letter: 'D',
    name: 'CI/CD and quality gates',
    dependsOn: 'A and B scripts reliable locally',
    epics: ['D1 Quality gates'],
    tasks: [
      'D1.1 shellcheck, SQL linter',
      'D1.2 backup/restore verification job (opt-in, weekly, behind alpha)',
    ],
  },
  {
    letter: 'E',
    name: 'Observability and monitoring',
    dependsOn: 'A',
    epics: ['E1 Prometheus (optional)'],
    tasks: ['E1.1 Prometheus stack and scrape configs', 'E1.2 dashboard import and links documented'],
  },
  {
    letter: 'F',
    name: 'ML server (stub to contract)',
    dependsOn: 'a running stack; B for the registry',
    epics: ['F1 ML contract baseline'],
    tasks: ['F1.1 /models reads the registry', 'F1.2 smoke step in CI (gated)'],
  },
  {
    letter: 'G',
    name: 'Backups and DR',
    dependsOn: 'B complete',
    epics: ['G1 Scheduled backups'],
    tasks: [
      'G1.1 daily scheduler',
      'G1.2 retention pruning',
      'G1.3 restore test and document',
      'G1.4 point-in-time recovery (opt-in)',
    ],
  },
  {
    letter: 'H',
    name: 'Documentation and DX',
    dependsOn: '–',
    epics: ['H1 Docs hardening'],
    tasks: [
      'H1.1 onboarding runbook (stack up in under 10 minutes)',
      'H1.2 recovery drills',
      'H1.3 templates, labels and names of the plan',
    ],
  },
]
