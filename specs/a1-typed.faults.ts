import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'
const PROD = 'docker/docker-compose.prod.yml'
const LOCATE = 'config/locate.ts'

export default faults({
  'A1.1.5': {
    'a variable has no default': edit(BASE, 'HMA_RLS: ${HMA_RLS:-off}', 'HMA_RLS: ${HMA_RLS:?}'),
    'a variable that nobody has set is empty': edit(
      BASE,
      '"127.0.0.1:${HMA_REDIS_PORT:-6379}:6379"',
      '"127.0.0.1:${HMA_REDIS_PORT}:6379"',
    ),
    'a service of a profile needs a variable': edit(
      BASE,
      '${HMA_ADMINER_PORT:-8081}',
      '${HMA_ADMINER_PORT:?}',
    ),
    'the test variant needs a variable': edit(
      TEST,
      'name: ${HMA_PROJECT:-hma}-test',
      'name: ${HMA_PROJECT:?}-test',
    ),
    'prod renders with the secrets of development': edit(PROD, '"${HMA_SECRETS:?', '"${HMA_SECRETS:-'),
  },
  'A1.1.6': {
    'the wrapper has another project name than plain compose': edit(
      BASE,
      'name: ${HMA_PROJECT:-hma}',
      'name: ${HMA_PROJECT:-hma}-plain',
    ),
    'the images of this engine are not in .env': edit(
      'stack/images/images-env.ts',
      'if (text !== written) writeFileAtomic',
      'if (text === written) writeFileAtomic',
    ),
    'a service keeps no log': edit(
      BASE,
      'ports: ["127.0.0.1:${HMA_ML_PORT:-8080}:8090"]',
      'ports: ["127.0.0.1:${HMA_ML_PORT:-8080}:8090"]\n    logging: { driver: none }',
    ),
    'the wrapper adds a setting that plain compose does not have': edit(
      'stack/compose/command.ts',
      "...['--project-name', project,",
      "...['--profile', 'tools', '--project-name', project,",
    ),
  },
  'A1.4.4': {
    'a script needs a variable': edit(
      LOCATE,
      'if (isAnySet(variables, DATABASE_VARIABLES)) return { place: readDatabaseUrl(variables) }',
      'if (DATABASE_VARIABLES.length > 0) return { place: readDatabaseUrl(variables) }',
    ),
    'an empty variable counts as not set': edit(
      LOCATE,
      'names.some((name) => variables[name] !== undefined)',
      'names.some((name) => variables[name])',
    ),
    'a password without a URL is ignored': edit(
      LOCATE,
      "['HMA_DATABASE_URL', 'HMA_DATABASE_PASSWORD', 'HMA_DATABASE_PASSWORD_FILE']",
      "['HMA_DATABASE_URL']",
    ),
    'nothing says which database it is': edit(
      LOCATE,
      'if (description !== undefined)',
      "if (description === '')",
    ),
    'a backup ignores the database that a variable names': edit(
      'stack/backup/main.ts',
      '  requireNoOtherServer(process.env, [...DATABASE_VARIABLES, ...STORE_VARIABLES])\n',
      '',
    ),
    'nothing says whose backups are pruned': edit(
      'stack/backup/main.ts',
      "if (command === 'backup-prune' || rest.includes('--list'))",
      "if (rest.includes('--list'))",
    ),
    'a restore from the archive ignores the database that a variable names': edit(
      'stack/archive/main.ts',
      '  requireNoOtherServer(process.env, [...DATABASE_VARIABLES, ...STORE_VARIABLES])\n',
      '',
    ),
    'a restore to a moment does not say of which stack it is': edit(
      'stack/archive/main.ts',
      '  process.stderr.write(`restore of ${settings.database} of the stack ${settings.project} to ${toTime}\\n`)\n',
      '',
    ),
    'the smoke test ignores the database that a variable names': edit(
      'stack/smoke/main.ts',
      '  requireNoOtherServer(process.env, [...DATABASE_VARIABLES, ...REDIS_VARIABLES, ...STORE_VARIABLES])\n',
      '',
    ),
    'the smoke test ignores the cache that a variable names': edit(
      'stack/smoke/main.ts',
      '[...DATABASE_VARIABLES, ...REDIS_VARIABLES, ...STORE_VARIABLES]',
      '[...DATABASE_VARIABLES, ...STORE_VARIABLES]',
    ),
    'an empty URL of the cache counts as not set': edit(
      LOCATE,
      'if (isAnySet(variables, REDIS_VARIABLES)) {',
      'if (variables.HMA_REDIS_URL) {',
    ),
    'the smoke test does not say which database it asked': edit(
      'stack/smoke/database.ts',
      'return `${environment} database ${database} at ${login.host}, as hma_app: ${await checkRights(client)}`',
      'return checkRights(client)',
    ),
    'a script works as the superuser': edit('seeds/main.ts', "'hma_migrator'", "'postgres'"),
    'a port that nothing listens at is tried where the stack is not up': edit(
      LOCATE,
      "if (container === undefined) throw notUp(service, 'does not run', variable)",
      'if (container === undefined) return { ports: [{ hostPort: 1, containerPort: 5432 }] } as ComposeContainer',
    ),
  },
  'H1.3.2': {
    'the restore test only says that it was done': edit(
      'scripts/restore-test.sh',
      'exec node "$HMA_ROOT/stack/backup/main.ts" restore-test "$@"',
      "echo 'restored and equal'",
    ),
    'a backup only lists those that are there': edit(
      'scripts/backup.sh',
      'main.ts" backup "$@"',
      'main.ts" backup --list "$@"',
    ),
    'apply says that it is done, and applies nothing': edit(
      'scripts/migrate.sh',
      'use_node\n',
      '[[ "$*" == apply ]] && exit 0\nuse_node\n',
    ),
    'status is 0 whatever is pending': edit(
      'scripts/migrate.sh',
      'exec node "$HMA_ROOT/migrations/runner/main.ts" "$@"',
      'node "$HMA_ROOT/migrations/runner/main.ts" "$@" || (($? == 33))',
    ),
    'a smoke test that failed is green where a person reads it': edit(
      'stack/smoke/main.ts',
      'return hasFailed ? EXIT.failed : 0',
      'return hasFailed && json ? EXIT.failed : 0',
    ),
    'db-stats prints statements instead': edit(
      'scripts/db-stats.sh',
      'ops/stats/db-stats.ts',
      'ops/stats/slow-queries.ts',
    ),
    'slow-queries prints what is called often': edit(
      'scripts/slow-queries.sh',
      'slow-queries.ts" "$@"',
      'slow-queries.ts" --order calls --limit 1 "$@"',
    ),
    'cache-stats counts no keys': edit(
      'scripts/cache-stats.sh',
      'cache-stats.ts" "$@"',
      'cache-stats.ts" --keys 0 "$@"',
    ),
    'apply on another database than that of the stack applies nothing': edit(
      'scripts/migrate.sh',
      'use_node\n',
      '[[ "$*" == apply && -n "${HMA_DATABASE_URL:-}" ]] && exit 0\nuse_node\n',
    ),
    'the smoke test does not ask for a service that somebody has stopped': edit(
      'stack/smoke/run.ts',
      'profile === undefined || running.includes(service))',
      'profile !== "" && running.includes(service))',
    ),
    'a restore only lists the backups': edit(
      'scripts/restore.sh',
      'stack/backup/main.ts" restore "$@"',
      'stack/backup/main.ts" backup --list',
    ),
    'the set-up does nothing where it has been run before': edit(
      'scripts/setup-dev-environment.sh',
      'cd "$HMA_ROOT"\n',
      'cd "$HMA_ROOT"\nif [[ -f .hma/secrets/app-password ]]; then exit 0; fi\n',
    ),
  },
})
