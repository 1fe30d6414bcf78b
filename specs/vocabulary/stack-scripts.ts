// The scripts that need the stack, as one types them where no variable is set.

/** Every script that needs the stack, as typed, and the login that it names. */
export const SCRIPTS = [
  ['./scripts/migrate.sh status', 'hma_migrator'],
  ['./scripts/migrate.sh apply', 'hma_migrator'],
  ['scripts/seed.sh all', 'hma_migrator'],
  ['scripts/audit.sh head', 'hma_migrator'],
  ['scripts/audit.sh prepare', 'hma_migrator'],
  ['scripts/db-stats.sh', 'hma_monitor'],
  ['scripts/slow-queries.sh', 'hma_monitor'],
] as const

/** These can work on nothing but the stack. */
export const ON_THE_STACK_ALONE = [
  'scripts/smoke.sh',
  'scripts/backup.sh',
  'scripts/backup.sh --list',
  'scripts/backup-prune.sh --dry-run',
  'scripts/restore-test.sh',
  'scripts/restore.sh --database copy',
  'scripts/restore.sh --to-time latest',
]

const AS_BACKUP = 'hma at postgres:5432, as hma_backup'
const ofStack = (stack: string) => `hma of the stack ${stack}`

/** Those of the backups, in an order in which each has what it needs, and how each names its database. */
export const OF_BACKUPS: Record<string, (stack: string) => string> = {
  'scripts/backup.sh': () => AS_BACKUP,
  'scripts/backup.sh --list': ofStack,
  'scripts/backup-prune.sh --dry-run': ofStack,
  'scripts/restore-test.sh': () => AS_BACKUP,
  'scripts/restore.sh --database copy': () => 'copy at postgres:5432, as postgres',
}
export const DROP_THE_COPY =
  "scripts/compose.sh exec -T postgres psql -U postgres -d postgres -c 'drop database copy'"
