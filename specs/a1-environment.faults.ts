import { edit, faults } from '../harness/setup.ts'

const VARIABLES = 'environment/variables.ts'

export default faults([
  {
    criterion: 'A1.4.1',
    breaks: 'a variable is left out of .env.example',
    plant: edit('.env.example', 'HMA_BUCKET=hma\n', ''),
  },
  {
    criterion: 'A1.4.1',
    breaks: '.env.example names a variable that nobody reads',
    plant: edit('.env.example', 'HMA_BUCKET=hma\n', 'HMA_BUCKET=hma\nHMA_LOG_LEVEL=info\n'),
  },
  {
    criterion: 'A1.4.1',
    breaks: 'compose reads a variable that no one is told of',
    plant: edit('docker/docker-compose.yml', 'POSTGRES_DB: hma', 'POSTGRES_DB: ${HMA_DATABASE:?}'),
  },
  {
    criterion: 'A1.4.1',
    breaks: 'a script reads a variable that no one is told of',
    plant: edit('scripts/compose.sh', 'variant=dev\n', 'variant=${HMA_VARIANT:-dev}\n'),
  },
  {
    criterion: 'A1.4.1',
    breaks: 'the harness reads a variable that no one is told of',
    plant: edit(
      'harness/images/mode.ts',
      "environment.HMA_IMAGES || 'auto'",
      "environment.HMA_IMAGES || environment.HMA_IMAGE_MODE || 'auto'",
    ),
  },
  {
    criterion: 'A1.4.1',
    breaks: 'a secret has no file',
    plant: edit('.env.example', '# HMA_ML_PASSWORD_FILE=', '# HMA_ML_PASSWORD_FROM='),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'a start that the variables forbid counts as done',
    plant: edit('scripts/compose.sh', '"${wishes[@]}")', '"${wishes[@]}") || exit 0'),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'port 65536 is a port',
    plant: edit(VARIABLES, 'Number(value) <= 65_535', 'Number(value) <= 65_536'),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'port 65535 is none',
    plant: edit(VARIABLES, 'Number(value) <= 65_535', 'Number(value) < 65_535'),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'two services may want one port',
    plant: edit('environment/stack.ts', "variant === 'dev' ? clashOf(variables) : undefined,", ''),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'a bucket may have a name of two letters',
    plant: edit(VARIABLES, '[a-z0-9.-]{1,61}', '[a-z0-9.-]{0,61}'),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'a variable that is not set is made up',
    plant: edit(
      'environment/stack.ts',
      'const unset = needed.filter(({ name }) => !variables[name])',
      'const unset = needed.filter(({ name, example }) => !variables[name] && !example)',
    ),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'the line does not say which variable',
    plant: edit('environment/stack.ts', '`${name}=${value} ${', '`A variable ${'),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'missing secrets are seen by the engine, half-way',
    plant: edit('scripts/compose.sh', '[[ -n $starts || (', '[[ ('),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'a seed without a database says no name',
    plant: edit('environment/database.ts', "'HMA_DATABASE_URL is not set.'", "'Nothing is set.'"),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'what is neither on nor off is off',
    plant: edit(
      'migrations/runner/environment.ts',
      "if (value === 'on' || value === 'off') return value === 'on'",
      "return value === 'on'",
    ),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'the set-up begins, and sees on its way what is wrong',
    plant: edit('setup/main.ts', '  readStack(variablesToBe(ROOT, process.env), wish.variant)\n', ''),
  },
  {
    criterion: 'A1.4.2',
    breaks: 'a secret that no service may read is good enough',
    plant: edit('environment/secrets.ts', '.mode & 0o004) === 0', '.mode & 0o004) < 0'),
  },
])
