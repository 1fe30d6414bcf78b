import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'

export default faults([
  {
    criterion: 'A1.0.4',
    breaks: 'the cache is healthy whatever it says',
    plant: edit(BASE, 'redis-cli -h 127.0.0.1 ping | grep -qx PONG', 'true'),
  },
  {
    criterion: 'A1.0.4',
    breaks: 'nobody asks Adminer how it is',
    plant: edit(TEST, 'adminer:\n    healthcheck: *soon', 'adminer:\n    healthcheck: {disable: true}'),
  },
  {
    criterion: 'A1.0.4',
    breaks: 'Redis Commander has no password of the cache',
    plant: edit(BASE, ' REDIS_PASSWORD_FILE: /run/secrets/redis-password', ' REDIS_LABEL: local'),
  },
  {
    criterion: 'A1.0.4',
    breaks: 'Redis Commander lets everybody in',
    plant: edit(BASE, '      HTTP_PASSWORD_FILE: /run/secrets/redis-password\n', ''),
  },
  {
    criterion: 'A1.0.5',
    breaks: 'a service may have as much memory as it likes',
    plant: edit(
      BASE,
      'ports: ["127.0.0.1:${HMA_REDIS_PORT:?}:6379"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 256m, pids: 64 } } }',
      'ports: ["127.0.0.1:${HMA_REDIS_PORT:?}:6379"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 1g, pids: 64 } } }',
    ),
  },
  {
    criterion: 'A1.0.5',
    breaks: 'a service may have as many processes as it likes',
    plant: edit(
      BASE,
      'ports: ["127.0.0.1:${HMA_ML_PORT:?}:8090"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 256m, pids: 64 } } }',
      'ports: ["127.0.0.1:${HMA_ML_PORT:?}:8090"]\n    deploy: { resources: { limits: { cpus: "0.5", memory: 256m } } }',
    ),
  },
  {
    criterion: 'A1.0.5',
    breaks: 'what died of its memory stays dead',
    plant: edit(BASE, 'restart: unless-stopped\n', 'restart: "no"\n'),
  },
  {
    criterion: 'A1.0.6',
    breaks: 'a server that only its own machine can reach is healthy',
    plant: edits(
      { file: BASE, find: 'pg_isready -q -h 127.0.0.1 -d hma', replace: 'pg_isready -q -d hma' },
      { file: BASE, find: 'psql -h 127.0.0.1 -U postgres', replace: 'psql -U postgres' },
    ),
  },
  {
    criterion: 'A1.0.6',
    breaks: 'another database is asked',
    plant: edit(BASE, '-U postgres -d hma -qAtX', '-U postgres -d postgres -qAtX'),
  },
  {
    criterion: 'A1.0.6',
    breaks: 'no answer is an answer',
    plant: edit(BASE, "'select 1' | grep -qx 1", "'select 1' | cat"),
  },
  {
    criterion: 'A1.0.1',
    breaks: 'the ML stub does not wait for the migrations',
    plant: edit(
      BASE,
      'migrate: { condition: service_completed_successfully }',
      'migrate: { condition: service_started }',
    ),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'what is started is confined less than what is rendered',
    plant: edit(
      'scripts/compose.sh',
      'exec "${compose[@]}" "$@"',
      `if [[ $act == up ]]; then
  printf 'services: {redis: {security_opt: ["seccomp:unconfined"]}}' >"$HMA_ROOT/.hma/more.yml"
  compose+=(-f "$HMA_ROOT/.hma/more.yml")
fi
exec "\${compose[@]}" "$@"`,
    ),
  },
])
