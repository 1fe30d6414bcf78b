import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const TEST = 'docker/docker-compose.test.yml'
const PROD = 'docker/docker-compose.prod.yml'

export default faults([
  {
    criterion: 'A1.0.1',
    breaks: 'prod does not wait for the bucket',
    plant: edit(PROD, 'ml:\n', 'ml:\n    depends_on: { bucket: !reset null }\n'),
  },
  {
    criterion: 'A1.1.1',
    breaks: 'a variable is read that nobody sets',
    plant: edit(BASE, 'HMA_BUCKET: ${HMA_BUCKET:?}', 'HMA_BUCKET: ${HMA_BUCKET_NAME}'),
  },
  {
    criterion: 'A1.1.1',
    breaks: 'the test variant warns, and dev does not',
    plant: edit(
      TEST,
      'environment: { HMA_ENVIRONMENT: test }',
      'environment: { HMA_ENVIRONMENT: "${HMA_KIND}" }',
    ),
  },
  {
    criterion: 'A1.1.1',
    breaks: 'a service waits for one that its profile leaves out',
    plant: edit(
      BASE,
      'bucket: { condition: service_completed_successfully }',
      'bucket: { condition: service_completed_successfully }\n      adminer: { condition: service_started }',
    ),
  },
  {
    criterion: 'A1.1.1',
    breaks: 'prod does not render',
    plant: edit(PROD, 'adminer: !reset null', 'adminer: {image: !reset null}'),
  },
  {
    criterion: 'A1.1.2',
    breaks: 'the base carries a version',
    plant: edit(BASE, 'name: ${HMA_PROJECT:?}', 'version: "3.8"\nname: ${HMA_PROJECT:?}'),
  },
  {
    criterion: 'A1.1.2',
    breaks: 'an overlay carries a version',
    plant: edit(PROD, 'x-steady: &steady', 'version: "3"\nx-steady: &steady'),
  },
  {
    criterion: 'A1.1.3',
    breaks: 'a compose file names an image itself',
    plant: edit(BASE, 'image: ${HMA_IMAGE_REDIS:?}', 'image: redis:8'),
  },
  {
    criterion: 'A1.1.3',
    breaks: 'a variable has an image to fall back on',
    plant: edit(BASE, 'image: ${HMA_IMAGE_ADMINER:?}', 'image: ${HMA_IMAGE_ADMINER:-adminer}'),
  },
  {
    criterion: 'A1.1.3',
    breaks: 'an overlay builds an image',
    plant: edit(
      TEST,
      'ports: !override ["127.0.0.1::8090"]',
      'ports: !override ["127.0.0.1::8090"]\n    build: .',
    ),
  },
  {
    criterion: 'A1.1.3',
    breaks: 'the digest gets lost on the way',
    plant: edit(
      'harness/images/references.ts',
      'reference: image.reference,',
      "reference: image.reference.split('@')[0] ?? '',",
    ),
  },
  {
    criterion: 'A1.1.3',
    breaks: 'the lock names a tag alone',
    plant: edits(
      {
        file: 'docker/images.lock',
        find: '@sha256:6f81e8915c60b065a524e6967e0ad1c639ba6efa84d669f823683ea04d9150ee',
        replace: '',
      },
      { file: 'harness/images/lock.ts', find: '!/^sha256:[0-9a-f]{64}$/.test(digest)', replace: 'false' },
    ),
  },
  {
    criterion: 'A1.1.3',
    breaks: 'an image of ours stands on one that is not locked',
    plant: edit('docker/tools.Dockerfile', 'FROM ${BASE}\nENV', 'FROM node:26\nENV'),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'a service takes a capability without a reason',
    plant: edit(
      BASE,
      'user: "999:999"\n    command:\n',
      'user: "999:999"\n    cap_add: [CHOWN]\n    command:\n',
    ),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'all services may gain privileges',
    plant: edit(BASE, 'security_opt: ["no-new-privileges:true"]', 'security_opt: []'),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'an overlay opens the root of one service',
    plant: edit(PROD, 'ml:\n', 'ml:\n    read_only: false\n'),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'a service holds the socket of the engine',
    plant: edit(
      BASE,
      'volumes: ["redis-data:/data"]',
      'volumes: ["redis-data:/data", "/var/run/docker.sock:/s"]',
    ),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'an exception says no reason',
    plant: edit(
      BASE,
      'user: the image keeps its data as root; root without a capability owns that folder and nothing more',
      'user: because',
    ),
  },
  {
    criterion: 'A1.1.4',
    breaks: 'a service of a profile is not confined',
    plant: edit(BASE, 'adminer:\n    <<: *confined', 'adminer:\n    restart: unless-stopped'),
  },
])
