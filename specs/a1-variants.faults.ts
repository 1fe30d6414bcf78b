import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'
const PROD = 'docker/docker-compose.prod.yml'

export default faults({
  'A1.2.1': {
    'the table has another limit than prod': edit(
      'README.md',
      '| 1 GiB, 1 GiB | 4 GiB, 2 GiB |',
      '| 1 GiB, 1 GiB | 8 GiB, 2 GiB |',
    ),
    'a port changes and the table does not': edit('.env.example', 'HMA_ML_PORT=8080', 'HMA_ML_PORT=8088'),
    'the table lacks a row': edit('README.md', '| CPUs of Postgres | 1 | 1 | 2 |\n', ''),
    'prod differs in something that is not in the table': edit(
      PROD,
      'environment: { HMA_ENVIRONMENT: production }',
      'environment: { HMA_ENVIRONMENT: production, HMA_RLS: "on" }',
    ),
    'prod keeps other backups, and the table says nothing': edit(
      PROD,
      'backup:\n    healthcheck: *healthcheck\n',
      'backup:\n    healthcheck: *healthcheck\n    environment: { HMA_BACKUP_KEEP: "1,0,0" }\n',
    ),
    'prod gives the store a tenth of a CPU, and the table says nothing': edit(
      PROD,
      'cpus: "1.0", memory: 2g',
      'cpus: "0.1", memory: 2g',
    ),
  },
  'A1.2.2': {
    'prod publishes the port of the database': edit(
      PROD,
      'networks: !override [data]\n    ports: !reset []\n    deploy: { resources: { limits: { cpus: "2.0"',
      'networks: !override [data]\n    deploy: { resources: { limits: { cpus: "2.0"',
    ),
    'Redis of prod is in the published network': edit(
      PROD,
      'redis:\n    healthcheck: *healthcheck\n    networks: !override [data]',
      'redis:\n    healthcheck: *healthcheck',
    ),
    'prod has the tools in their profile': edit(PROD, '  adminer: !reset null\n', ''),
    'without a folder prod uses the secrets of development': edit(
      PROD,
      '"${HMA_SECRETS:?',
      '"${HMA_SECRETS:-',
    ),
    'prod accepts the secrets of development': edit(
      'config/stack-settings.ts',
      'if (!isInside)',
      'if (!isInside || isInside)',
    ),
    'secrets are not checked before prod is rendered': edit(
      'stack/compose/arguments.ts',
      "variant === 'prod' && RENDERING",
      "variant === '' && RENDERING",
    ),
    'a common default password is accepted': edit('config/secrets.ts', '|minioadmin|', '|'),
    'some kinds of secrets are not looked for': edit(
      'config/secrets.ts',
      'for (const secret of SECRETS) {\n    const problem',
      "for (const secret of SECRETS.filter(({ kind }) => kind !== 'certificate' && kind !== 'redis-exporter')) {\n    const problem",
    ),
    'a secret of 15 characters is accepted': edit(
      'config/secrets.ts',
      'const SHORTEST = 16',
      'const SHORTEST = 15',
    ),
    'a secret of 16 characters is refused': edit(
      'config/secrets.ts',
      'const SHORTEST = 16',
      'const SHORTEST = 17',
    ),
  },
  'A1.2.3': {
    'the test variant has a fixed port': edit(
      TEST,
      'redis:\n    healthcheck: *healthcheck\n    ports: !override ["127.0.0.1::',
      'redis:\n    healthcheck: *healthcheck\n    ports: !override ["127.0.0.1:6379:',
    ),
    'all variants share one volume': edit(BASE, '  redis-data: {}', '  redis-data: {name: redis-data}'),
    'all variants share one network': edit(BASE, '  edge: {}', '  edge: {name: edge}'),
    'a container has a fixed name': edit(
      BASE,
      'redis:\n    <<: *confined',
      'redis:\n    container_name: hma-redis\n    <<: *confined',
    ),
    'test and dev have the same project name': edit(
      'config/stack-settings.ts',
      "variant === 'dev' ? HMA_PROJECT",
      "variant !== 'prod' ? HMA_PROJECT",
    ),
  },
})
