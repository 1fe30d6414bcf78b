import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const DISK = 'ops/stats/disk.ts'
const COMMAND = 'command: ["ops/stats/disk.ts", "--folder=/var/lib/postgresql"]'

export default faults({
  'E1.1.3': {
    'the disk of the container is measured, and not that of the database': edit(
      BASE,
      COMMAND,
      COMMAND.replace('/var/lib/postgresql', '/tmp'),
    ),
    'the disk of Redis is measured': edit(
      BASE,
      'volumes: ["postgres-data:/var/lib/postgresql:ro"]\n    tmpfs: ["/tmp:mode=1777,size=16m"]',
      'volumes: ["redis-data:/var/lib/postgresql:ro"]\n    tmpfs: ["/tmp:mode=1777,size=16m"]',
    ),
    'the disk is measured at the start alone': edit(
      DISK,
      '    metrics: () => metricsOf(folder),\n',
      '    metrics: ((text) => () => text)(metricsOf(folder)),\n',
    ),
    'the size of the disk is what is used of it': edit(
      DISK,
      '(blocks - (bfree - bavail))',
      '(blocks - bfree)',
    ),
    'what is free counts in blocks': edit(DISK, '${bavail * bsize}', '${bavail}'),
  },
})
