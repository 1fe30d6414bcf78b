import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'
const PROD = 'docker/docker-compose.prod.yml'

export default faults({
  'A1.2.1': {
    'the table tells another limit than prod has': edit(
      'README.md',
      '| 1 GiB, 1 GiB | 4 GiB, 2 GiB |',
      '| 1 GiB, 1 GiB | 8 GiB, 2 GiB |',
    ),
    'a port moves, and the table does not': edit('.env.example', 'HMA_ML_PORT=8080', 'HMA_ML_PORT=8088'),
    'the table has lost a row': edit('README.md', '| CPUs of Postgres | 1 | 1 | 2 |\n', ''),
    'prod differs in something untold': edit(
      PROD,
      'environment: { HMA_ENVIRONMENT: production }',
      'environment: { HMA_ENVIRONMENT: production, HMA_RLS: "on" }',
    ),
  },
  'A1.2.2': {
    'prod publishes the port of the database': edit(
      PROD,
      'networks: !override [data]\n    ports: !reset []\n    deploy: { resources: { limits: { cpus: "2.0"',
      'networks: !override [data]\n    deploy: { resources: { limits: { cpus: "2.0"',
    ),
    'the cache of prod is in the open network': edit(
      PROD,
      'redis:\n    healthcheck: *steady\n    networks: !override [data]',
      'redis:\n    healthcheck: *steady',
    ),
    'prod has the tools in their profile': edit(PROD, '  adminer: !reset null\n', ''),
    'without a folder the secrets of development are taken': edit(
      BASE,
      'postgres-password: { file: "${HMA_SECRETS:?}',
      'postgres-password: { file: "${HMA_SECRETS:-x}',
    ),
    'what development made up is taken for secret': edit(
      'config/stack-settings.ts',
      'if (isAbsolute(HMA_SECRETS) && !isInside)',
      'if (!isInside || isInside)',
    ),
    'no secret is looked at before prod is rendered': edit(
      'scripts/compose.sh',
      '($variant == prod && $act == config)',
      '($variant == prod && $act == none)',
    ),
    'what everybody knows is a secret': edit('config/secrets.ts', '|minioadmin|', '|'),
    'a short secret is long enough': edit('config/secrets.ts', 'const SHORTEST = 16', 'const SHORTEST = 15'),
    'a long secret is too short': edit('config/secrets.ts', 'const SHORTEST = 16', 'const SHORTEST = 17'),
  },
  'A1.2.3': {
    'the test variant wants a fixed port': edit(TEST, '["127.0.0.1::6379"]', '["127.0.0.1:6379:6379"]'),
    'all variants write to one volume': edit(BASE, '  redis-data: {}', '  redis-data: {name: redis-data}'),
    'all variants meet in one network': edit(BASE, '  edge: {}', '  edge: {name: edge}'),
    'a container has a fixed name': edit(
      BASE,
      'redis:\n    <<: *confined',
      'redis:\n    container_name: hma-redis\n    <<: *confined',
    ),
    'test is the project of dev': edit(
      'config/stack-settings.ts',
      "variant === 'dev' ? HMA_PROJECT",
      "variant !== 'prod' ? HMA_PROJECT",
    ),
  },
})
