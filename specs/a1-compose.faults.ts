import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'
const PROD = 'docker/docker-compose.prod.yml'

export default faults({
  'A1.0.1': {
    'prod does not wait for the bucket': edit(
      PROD,
      'ml:\n',
      'ml:\n    depends_on: { bucket: !reset null }\n',
    ),
  },
  'A1.1.1': {
    'a variable is read that is never set': edit(
      BASE,
      'HMA_BUCKET: ${HMA_BUCKET:-hma}\n      HMA_BACKUP_BUCKET',
      'HMA_BUCKET: ${HMA_BUCKET_NAME}\n      HMA_BACKUP_BUCKET',
    ),
    'the test variant warns, and dev does not': edit(
      TEST,
      'environment: { HMA_ENVIRONMENT: test }',
      'environment: { HMA_ENVIRONMENT: "${HMA_KIND}" }',
    ),
    'a service waits for one that its profile leaves out': edit(
      BASE,
      'bucket: { condition: service_completed_successfully }\n    networks: [data, edge]',
      'bucket: { condition: service_completed_successfully }\n      adminer: { condition: service_started }\n    networks: [data, edge]',
    ),
    'prod does not render': edit(PROD, 'adminer: !reset null', 'adminer: {image: !reset null}'),
  },
  'A1.1.2': {
    'the base file has a version': edit(
      BASE,
      'name: ${HMA_PROJECT:-hma}',
      'version: "3.8"\nname: ${HMA_PROJECT:-hma}',
    ),
    'a variant file has a version': edit(
      PROD,
      'x-healthcheck: &healthcheck',
      'version: "3"\nx-healthcheck: &healthcheck',
    ),
  },
  'A1.1.3': {
    'a compose file names an image itself': edit(
      BASE,
      'redis:\n    <<: *confined\n    image: ${HMA_IMAGE_REDIS:-docker.io/library/',
      'redis:\n    <<: *confined\n    image: docker.io/library/',
    ),
    'a default image is not that of the lock': edit(
      BASE,
      'image: ${HMA_IMAGE_ADMINER:-docker.io/library/adminer:6.1.1@',
      'image: ${HMA_IMAGE_ADMINER:-docker.io/library/adminer:6.1.0@',
    ),
    'a default image is moved to a service that has another': edit(
      BASE,
      'image: ${HMA_IMAGE_ADMINER:-docker.io/library/adminer:6.1.1@',
      'image: ${HMA_IMAGE_REDIS:-docker.io/library/adminer:6.1.1@',
    ),
    'an own image is built on one that is not locked': edit(
      BASE,
      'BASE: ${HMA_IMAGE_POSTGRES:-docker.io/library/postgres:17-trixie@',
      'BASE: ${HMA_IMAGE_POSTGRES:-docker.io/library/postgres:17-bookworm@',
    ),
    'a variant file builds an image': edit(
      TEST,
      'ports: !override ["127.0.0.1::8090"]',
      'ports: !override ["127.0.0.1::8090"]\n    build: .',
    ),
    'the digest is lost': edit(
      'stack/images/images-env.ts',
      'reference: image.reference,',
      "reference: image.reference.split('@')[0] ?? '',",
    ),
    'the lock has a tag without a digest': edits(
      {
        file: 'docker/images.lock',
        find: '@sha256:6f81e8915c60b065a524e6967e0ad1c639ba6efa84d669f823683ea04d9150ee',
        replace: '',
      },
      { file: 'stack/images/lock.ts', find: 'DIGEST.test(digest)', replace: 'true' },
    ),
    'a file is copied from an image that is not locked': edit(
      'docker/tools.Dockerfile',
      'COPY config ./config',
      'COPY --chown=0:0 --from=node:26 /etc/passwd /tmp/\nCOPY config ./config',
    ),
    'a build mounts an image that is not locked': edit(
      'docker/tools.Dockerfile',
      'COPY config ./config',
      'RUN --mount=type=bind,from=node:26,target=/mnt true\nCOPY config ./config',
    ),
    'a Dockerfile is parsed by an image that is not locked': edit(
      'docker/tools.Dockerfile',
      '# The tools of HMA',
      '# syntax=docker/dockerfile:1\n# The tools of HMA',
    ),
    'a script runs an image that is not locked': edit(
      'scripts/browser.sh',
      "die 3 'there is no Chromium",
      "docker run --rm docker.io/chromedp/headless-shell:latest true\ndie 3 'there is no Chromium",
    ),
    'an own image is based on one that is not locked': edit(
      'docker/tools.Dockerfile',
      'FROM ${BASE}\nENV',
      'FROM node:26\nENV',
    ),
  },
  'A1.0.4': {
    'a service is never reported as unhealthy': edit(BASE, 'retries: 6', 'retries: 1000000'),
  },
  'A1.0.6': {
    'in prod Postgres is healthy as soon as it accepts connections': edit(
      'docker/docker-compose.prod.yml',
      `  postgres:
    healthcheck: *healthcheck
`,
      `  postgres:
    healthcheck:
      <<: *healthcheck
      test: ["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-d", "hma"]
`,
    ),
  },
  'A1.0.7': {
    'a service is started again once': edit(
      BASE,
      'image: ${HMA_IMAGE_ML_STUB:-localhost/ml-stub}\n',
      'image: ${HMA_IMAGE_ML_STUB:-localhost/ml-stub}\n    restart: "on-failure:1"\n',
    ),
  },
  'A1.0.5': {
    'a limit of memory limits nothing': edit(PROD, 'memory: 2g', 'memory: 4000g'),
    'a limit of processes limits nothing': edit(PROD, 'memory: 2g, pids: 512', 'memory: 2g, pids: 4000000'),
  },
  'A1.1.4': {
    'the socket of the engine is a config': edits(
      {
        file: BASE,
        find: 'configs:\n  bucket: {',
        replace: 'configs:\n  engine: { file: /var/run/docker.sock }\n  bucket: {',
      },
      {
        file: BASE,
        find: 'configs: [{ source: queries, target: /queries.yml }]',
        replace: 'configs: [{ source: queries, target: /queries.yml }, engine]',
      },
    ),
    'a service takes a capability without a reason': edit(
      BASE,
      'user: "999:999"\n    command:\n',
      'user: "999:999"\n    cap_add: [CHOWN]\n    command:\n',
    ),
    'all services can gain privileges': edit(
      BASE,
      'security_opt: ["no-new-privileges:true"]',
      'security_opt: []',
    ),
    'a variant makes the root of one service writable': edit(PROD, 'ml:\n', 'ml:\n    read_only: false\n'),
    'a service mounts the socket of the engine': edit(
      BASE,
      'volumes: ["redis-data:/data"]',
      'volumes: ["redis-data:/data", "/var/run/docker.sock:/s"]',
    ),
    'a service joins the group of those who may use the engine': edit(
      BASE,
      'user: "999:999"\n    command:\n',
      'user: "999:999"\n    group_add: ["999"]\n    command:\n',
    ),
    'a service finds the machine by a name': edit(
      BASE,
      'volumes: ["redis-data:/data"]',
      'volumes: ["redis-data:/data"]\n    extra_hosts: ["machine:host-gateway"]',
    ),
    'a volume is the folder with the socket of the engine': edit(
      BASE,
      '  redis-data: {}\n',
      '  redis-data: { driver_opts: { type: none, o: bind, device: /run } }\n',
    ),
    'an exception has no reason': edit(
      BASE,
      'user: the image stores its data as root; without capabilities root may only use what it owns',
      'user: because',
    ),
    'a service of a profile is not confined': edit(
      BASE,
      'adminer:\n    <<: *confined',
      'adminer:\n    restart: unless-stopped',
    ),
  },
})
