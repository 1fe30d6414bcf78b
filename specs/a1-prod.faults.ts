import { edit, faults } from '../harness/setup.ts'

const PROD = 'docker/docker-compose.prod.yml'

export default faults({
  'A1.2.2': {
    'prod is marked development': edit(PROD, 'HMA_ENVIRONMENT: production', 'HMA_ENVIRONMENT: development'),
    'prod renders and does not start': edit(
      PROD,
      'redis:\n    healthcheck: *healthcheck',
      'redis:\n    command: redis-server --none\n    healthcheck: *healthcheck',
    ),
    'the healthcheck of Redis has the password on its command line': edit(
      'docker/docker-compose.yml',
      '- REDISCLI_AUTH="$$(cat /run/secrets/redis-password)" redis-cli',
      '- set -x; REDISCLI_AUTH="$$(cat /run/secrets/redis-password)" redis-cli',
    ),
  },
})
