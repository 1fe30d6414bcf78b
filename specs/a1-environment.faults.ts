import { edit, faults } from '../harness/setup.ts'

const VARIABLES = 'config/variables.ts'

export default faults({
  'A1.4.1': {
    'a variable is left out of .env.example': edit('.env.example', 'HMA_BUCKET=hma\n', ''),
    '.env.example names a variable that nobody reads': edit(
      '.env.example',
      'HMA_BUCKET=hma\n',
      'HMA_BUCKET=hma\nHMA_LOG_LEVEL=info\n',
    ),
    'compose reads a variable that no one is told of': edit(
      'docker/docker-compose.yml',
      'POSTGRES_DB: hma',
      'POSTGRES_DB: ${HMA_DATABASE:?}',
    ),
    'a script reads a variable that no one is told of': edit(
      'scripts/teardown.sh',
      'variant=dev ',
      'variant=${HMA_VARIANT:-dev} ',
    ),
    'the harness reads a variable that no one is told of': edit(
      'stack/images/mode.ts',
      "environment.HMA_IMAGES || 'auto'",
      "environment.HMA_IMAGES || environment.HMA_IMAGE_MODE || 'auto'",
    ),
    'a secret has no file': edit('.env.example', '# HMA_ML_PASSWORD_FILE=', '# HMA_ML_PASSWORD_FROM='),
  },
  'A1.4.2': {
    'a start that the variables forbid counts as done': edit(
      'scripts/compose.sh',
      'stack/compose/main.ts" "$@")',
      'stack/compose/main.ts" "$@") || exit 0',
    ),
    'port 65536 is a port': edit(VARIABLES, 'Number(value) <= 65_535', 'Number(value) <= 65_536'),
    'port 65535 is none': edit(VARIABLES, 'Number(value) <= 65_535', 'Number(value) < 65_535'),
    'two services may want one port': edit(
      'config/stack-settings.ts',
      "variant === 'dev' ? samePortProblem(variables) : undefined,",
      '',
    ),
    'a bucket may have a name of two letters': edit(VARIABLES, '[a-z0-9.-]{1,61}', '[a-z0-9.-]{0,61}'),
    'a variable that is not set is made up': edit(
      'config/stack-settings.ts',
      'const unset = needed.filter(({ name }) => !variables[name])',
      'const unset = needed.filter(({ name, example }) => !variables[name] && !example)',
    ),
    'the line does not say which variable': edit(
      'config/stack-settings.ts',
      '`${name}=${value} ${',
      '`A variable ${',
    ),
    'missing secrets are seen by the engine, half-way': edit(
      'stack/compose/main.ts',
      'if (starts || (',
      'if ((',
    ),
    'a seed without a database says no name': edit(
      'config/database-url.ts',
      "'HMA_DATABASE_URL is not set.'",
      "'Nothing is set.'",
    ),
    'what is neither on nor off is off': edit(
      'migrations/runner/environment.ts',
      "if (value === 'on' || value === 'off') return value === 'on'",
      "return value === 'on'",
    ),
    'the set-up begins, and sees on its way what is wrong': edit(
      'stack/setup/main.ts',
      '  readStackSettings(plannedVariables(ROOT, process.env), options.variant)\n',
      '',
    ),
    'a secret that no service may read is good enough': edit(
      'config/secrets.ts',
      '.mode & 0o004) === 0',
      '.mode & 0o004) < 0',
    ),
  },
})
