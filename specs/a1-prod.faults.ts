import { edit, faults } from '../harness/setup.ts'

const PROD = 'docker/docker-compose.prod.yml'

export default faults([
  {
    criterion: 'A1.2.2',
    breaks: 'prod is marked as a development',
    plant: edit(PROD, 'HMA_ENVIRONMENT: production', 'HMA_ENVIRONMENT: development'),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'prod renders, and what it renders does not start',
    plant: edit(
      PROD,
      'redis:\n    healthcheck: *steady',
      'redis:\n    command: redis-server --none\n    healthcheck: *steady',
    ),
  },
  {
    criterion: 'A1.2.2',
    breaks: 'the healthcheck of the cache tells its password to the engine',
    plant: edit(
      'docker/docker-compose.yml',
      '- REDISCLI_AUTH="$$(cat /run/secrets/redis-password)" redis-cli',
      '- set -x; REDISCLI_AUTH="$$(cat /run/secrets/redis-password)" redis-cli',
    ),
  },
])
