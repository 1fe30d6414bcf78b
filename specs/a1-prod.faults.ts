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
    breaks: 'the password of the cache stands in the process list',
    plant: edit(
      'docker/docker-compose.yml',
      `command: >-
      redis-server --aclfile /run/secrets/redis-acl --appendonly yes --maxmemory 160mb --maxmemory-policy noeviction`,
      `command: ["sh", "-c", "exec redis-server --requirepass $$(cat /run/secrets/redis-password)"]`,
    ),
  },
])
