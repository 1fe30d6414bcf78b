import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'

/** The wrapper adds a file with this service when it starts the stack; the model that it renders stays the right one. */
const startedWith = (service: string) =>
  edit(
    'scripts/compose.sh',
    'exec docker compose',
    `if [[ " $* " == *' up '* ]]; then
  printf 'services: {${service}}' >"$HMA_ROOT/.hma/more.yml"
  options+=(-f "$HMA_ROOT/.hma/more.yml")
fi
exec docker compose`,
  )

export default faults({
  'A1.0.4': {
    'Redis is healthy whatever it answers': edit(
      BASE,
      'redis-password)" redis-cli -h 127.0.0.1 ping | grep -qx PONG',
      'redis-password)" true',
    ),
    'Adminer has no healthcheck': edit(
      TEST,
      'adminer:\n    healthcheck: *healthcheck',
      'adminer:\n    healthcheck: {disable: true}',
    ),
    'Redis Commander has no password for Redis': edit(
      BASE,
      ' REDIS_PASSWORD_FILE: /run/secrets/redis-password',
      ' REDIS_LABEL: local',
    ),
    'the console of MinIO listens inside of its container alone': edit(
      BASE,
      '"--console-address", ":9001"',
      '"--console-address", "127.0.0.1:9001"',
    ),
    'Adminer shows its login page, and may write no session, so that nobody can log in': edit(
      BASE,
      'ADMINER_DEFAULT_SERVER: postgres\n    tmpfs: ["/tmp:mode=1777,size=64m"]',
      'ADMINER_DEFAULT_SERVER: postgres\n    tmpfs: ["/run:mode=1777,size=64m"]',
    ),
    'Redis Commander needs no password': edit(
      BASE,
      '      HTTP_PASSWORD_FILE: /run/secrets/redis-password\n',
      '',
    ),
  },
  'A1.0.5': {
    'a service has no memory limit': edit(
      BASE,
      'ports: ["127.0.0.1:${HMA_REDIS_PORT:-6379}:6379"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 256m, pids: 64 } } }',
      'ports: ["127.0.0.1:${HMA_REDIS_PORT:-6379}:6379"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 1g, pids: 64 } } }',
    ),
    'a service has no process limit': edit(
      BASE,
      'ports: ["127.0.0.1:${HMA_ML_PORT:-8080}:8090"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 256m, pids: 64 } } }',
      'ports: ["127.0.0.1:${HMA_ML_PORT:-8080}:8090"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 256m } } }',
    ),
    'a running container has no limit of memory': startedWith(
      'postgres: {deploy: {resources: {limits: {memory: 0}}}}',
    ),
    'a service that ran out of memory is not restarted': edit(
      BASE,
      'restart: unless-stopped\n',
      'restart: "no"\n',
    ),
  },
  'A1.0.6': {
    'a server without TCP is healthy': edits(
      { file: BASE, find: 'pg_isready -q -h 127.0.0.1 -d hma', replace: 'pg_isready -q -d hma' },
      { file: BASE, find: 'psql -h 127.0.0.1 -U postgres', replace: 'psql -U postgres' },
    ),
    'the query is sent through the socket, and only pg_isready goes over TCP': edit(
      BASE,
      'psql -h 127.0.0.1 -U postgres -d hma',
      'psql -U postgres -d hma',
    ),
    'the healthcheck queries another database': edit(
      BASE,
      '-U postgres -d hma -qAtX',
      '-U postgres -d postgres -qAtX',
    ),
    'an empty answer is healthy': edit(BASE, "'select 1' | grep -qx 1", "'select 1' | cat"),
  },
  'A1.0.1': {
    'the ML stub does not wait for the migrations': edit(
      BASE,
      'migrate: { condition: service_completed_successfully }\n      bucket: { condition: service_completed_successfully }\n    networks: [data, edge]',
      'migrate: { condition: service_started }\n      bucket: { condition: service_completed_successfully }\n    networks: [data, edge]',
    ),
  },
  'A1.1.4': {
    'the running container is less confined than the rendered service': startedWith(
      'redis: {security_opt: ["seccomp:unconfined"]}',
    ),
    'the root of a running container is writable, by root alone': startedWith('redis: {read_only: false}'),
  },
})
