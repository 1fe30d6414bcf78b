import { edit, faults } from '../harness/setup.ts'

const VARIABLES = 'config/variables.ts'
const CRON = 'config/cron-pattern.ts'

export default faults({
  'A1.4.1': {
    '.env.example lacks a variable': edit('.env.example', 'HMA_BUCKET=hma\n', ''),
    '.env.example names a variable that is not read': edit(
      '.env.example',
      'HMA_BUCKET=hma\n',
      'HMA_BUCKET=hma\nHMA_LOG_LEVEL=info\n',
    ),
    'compose reads a variable that .env.example lacks': edit(
      'docker/docker-compose.yml',
      'POSTGRES_DB: hma',
      'POSTGRES_DB: ${HMA_DATABASE:?}',
    ),
    'a script reads a variable that .env.example lacks': edit(
      'scripts/teardown.sh',
      'variant=dev ',
      'variant=${HMA_VARIANT:-dev} ',
    ),
    'a program reads a variable that .env.example lacks': edit(
      'stack/images/mode.ts',
      "environment.HMA_IMAGES || 'auto'",
      "environment.HMA_IMAGES || environment.HMA_IMAGE_MODE || 'auto'",
    ),
    'the harness reads a variable without our prefix': edit(
      'harness/project.ts',
      'TMPDIR, DOCKER_HOST } = process.env',
      'TMPDIR, DOCKER_HOST, POOL_SIZE: _ } = process.env',
    ),
    'a script reads a variable without our prefix': edit(
      'scripts/teardown.sh',
      'variant=dev data=()',
      'variant=${VARIANT:-dev} data=()',
    ),
    'a password has no file variable': edit(
      '.env.example',
      '# HMA_ML_PASSWORD_FILE=',
      '# HMA_ML_PASSWORD_FROM=',
    ),
  },
  'A1.4.2': {
    'compose.sh exits with 0 when a variable is invalid': edit(
      'scripts/compose.sh',
      'stack/compose/main.ts" "$@")',
      'stack/compose/main.ts" "$@") || exit 0',
    ),
    'port 65536 is accepted': edit(VARIABLES, 'Number(value) <= 65_535', 'Number(value) <= 65_536'),
    'port 65535 is refused': edit(VARIABLES, 'Number(value) <= 65_535', 'Number(value) < 65_535'),
    'two services may have the same port': edit(
      'config/stack-settings.ts',
      "variant === 'dev' ? samePortProblem(variables) : undefined,",
      '',
    ),
    'a bucket may have a name of two letters': edit(VARIABLES, '[a-z0-9.-]{1,61}', '[a-z0-9.-]{0,61}'),
    'the bucket of the application may be that of the backups': edit(
      VARIABLES,
      '&& !TAKEN_BUCKETS.includes(value)',
      '',
    ),
    'a project may have a name of 81 letters': edit(VARIABLES, '[a-z0-9_-]{0,62}', '[a-z0-9_-]{0,80}'),
    'a project may not have a name of 63 letters': edit(VARIABLES, '[a-z0-9_-]{0,62}', '[a-z0-9_-]{0,61}'),
    'backups may be kept for any number of months': edit(VARIABLES, ',\\d{1,4}$/', ',\\d+$/'),
    'backups of 9999 days may not be kept': edit(VARIABLES, '[1-9]\\d{0,3},', '[1-9]\\d{0,2},'),
    'HMA_ARCHIVE may be anything, and only on archives': edit(
      VARIABLES,
      "off: it does not.',\n    example: 'off',\n    rule: ON_OR_OFF,",
      "off: it does not.',\n    example: 'off',",
    ),
    'a pattern of the schedule may be anything': edit(
      VARIABLES,
      "example: '30 1 * * *',\n    rule: CRON,",
      "example: '30 1 * * *',",
    ),
    'a number of a schedule has no upper bound': edit(CRON, ' && to <= most &&', ' &&'),
    'a schedule may begin at hour 24': edit(CRON, 'most: 23, size: 24', 'most: 24, size: 24'),
    'Sunday may not be the seventh day of a schedule': edit(CRON, 'most: 7, size: 7', 'most: 6, size: 7'),
    'a schedule may name a day that never comes': edit(CRON, "parts[4] !== '*'", "parts[4] !== ''"),
    'a schedule with one right and one wrong item in a list is accepted, and its service dies at its start':
      edit(
        CRON,
        'return items.some((found) => found.length === 0) ? [] : items.flat()',
        'return items.flat()',
      ),
    'a whole day of jitter is refused': edit(VARIABLES, 'Number(value) <= 86_400', 'Number(value) < 86_400'),
    'dev and test take a relative path to the secrets': edit(
      'config/stack-settings.ts',
      '    ({ example, variants }) => example === undefined || variants.includes(variant),',
      '    ({ variants }) => variants.includes(variant),',
    ),
    'an unset variable has a default': edit(
      'config/stack-settings.ts',
      'const unset = needed.filter(({ name }) => !variables[name])',
      'const unset = needed.filter(({ name, example }) => !variables[name] && !example)',
    ),
    'an empty variable counts as set': edit(
      'config/stack-settings.ts',
      'const unset = needed.filter(({ name }) => !variables[name])',
      'const unset = needed.filter(({ name }) => variables[name] === undefined)',
    ),
    'an empty variable of the shell counts as unset, and compose starts with its own default': edit(
      'config/stack-settings.ts',
      "([name, value]) => value || (value === '' && OF_COMPOSE.has(name))",
      '([, value]) => value',
    ),
    'the line does not name the variable': edit(
      'config/stack-settings.ts',
      '`${name}=${value} ${',
      '`A variable ${',
    ),
    'secrets are not checked before the start': edit(
      'stack/compose/main.ts',
      'if (needsSecrets) checkSecrets(',
      "if (needsSecrets && variant === 'prod') checkSecrets(",
    ),
    'the error for an unset database URL does not name the variable': edit(
      'config/database-url.ts',
      "'HMA_DATABASE_URL is not set.'",
      "'Nothing is set.'",
    ),
    'a value that is neither on nor off counts as off': edit(
      'migrations/runner/environment.ts',
      "if (value === 'on' || value === 'off') return value === 'on'",
      "return value === 'on'",
    ),
    'the set-up does not check the variables before it starts': edit(
      'stack/setup/main.ts',
      '  readStackSettings(plannedVariables(ROOT, process.env), options.variant)\n',
      '',
    ),
    'a secret that no service can read is accepted': edit(
      'config/secrets.ts',
      '.mode & 0o004) === 0',
      '.mode & 0o004) < 0',
    ),
  },
})
