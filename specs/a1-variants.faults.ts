import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'
const PROD = 'docker/docker-compose.prod.yml'

export default faults([
  {
    criterion: 'A1.2.1',
    breaks: 'the table tells another limit than prod has',
    plant: edit('README.md', '| 1 GiB, 1 GiB | 4 GiB, 2 GiB |', '| 1 GiB, 1 GiB | 8 GiB, 2 GiB |'),
  },
  {
    criterion: 'A1.2.1',
    breaks: 'a port moves, and the table does not',
    plant: edit('.env.example', 'HMA_ML_PORT=8080', 'HMA_ML_PORT=8088'),
  },
  {
    criterion: 'A1.2.1',
    breaks: 'the table has lost a row',
    plant: edit('README.md', '| CPUs of Postgres | 1 | 1 | 2 |\n', ''),
  },
  {
    criterion: 'A1.2.1',
    breaks: 'prod differs in something untold',
    plant: edit(
      PROD,
      'environment: { HMA_ENVIRONMENT: production }',
      'environment: { HMA_ENVIRONMENT: production, HMA_RLS: "on" }',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'prod publishes the port of the database',
    plant: edit(
      PROD,
      'networks: !override [data]\n    ports: !reset []\n    deploy: { resources: { limits: { cpus: "2.0"',
      'networks: !override [data]\n    deploy: { resources: { limits: { cpus: "2.0"',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'the cache of prod is in the open network',
    plant: edit(
      PROD,
      'redis:\n    healthcheck: *steady\n    networks: !override [data]',
      'redis:\n    healthcheck: *steady',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'prod has the tools in their profile',
    plant: edit(PROD, '  adminer: !reset null\n', ''),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'without a folder the secrets of development are taken',
    plant: edit(
      BASE,
      'postgres-password: { file: "${HMA_SECRETS:?}',
      'postgres-password: { file: "${HMA_SECRETS:-x}',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'what development made up is taken for secret',
    plant: edit(
      'environment/stack.ts',
      'if (isAbsolute(HMA_SECRETS) && !isInside)',
      'if (!isInside || isInside)',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'no secret is looked at before prod is rendered',
    plant: edit(
      'scripts/compose.sh',
      '($variant == prod && $act == config)',
      '($variant == prod && $act == none)',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'what everybody knows is a secret',
    plant: edit('environment/secrets.ts', '|minioadmin|', '|'),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'a short secret is long enough',
    plant: edit('environment/secrets.ts', 'const SHORTEST = 16', 'const SHORTEST = 15'),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'a long secret is too short',
    plant: edit('environment/secrets.ts', 'const SHORTEST = 16', 'const SHORTEST = 17'),
  },
  {
    criterion: 'A1.2.3',
    breaks: 'the test variant wants a fixed port',
    plant: edit(TEST, '["127.0.0.1::6379"]', '["127.0.0.1:6379:6379"]'),
  },
  {
    criterion: 'A1.2.3',
    breaks: 'all variants write to one volume',
    plant: edit(BASE, '  redis-data: {}', '  redis-data: {name: redis-data}'),
  },
  {
    criterion: 'A1.2.3',
    breaks: 'all variants meet in one network',
    plant: edit(BASE, '  edge: {}', '  edge: {name: edge}'),
  },
  {
    criterion: 'A1.2.3',
    breaks: 'a container has a fixed name',
    plant: edit(
      BASE,
      'redis:\n    <<: *confined',
      'redis:\n    container_name: hma-redis\n    <<: *confined',
    ),
  },
  {
    criterion: 'A1.2.3',
    breaks: 'test is the project of dev',
    plant: edit(
      'environment/stack.ts',
      "variant === 'dev' ? HMA_PROJECT",
      "variant !== 'prod' ? HMA_PROJECT",
    ),
  },
])
