import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'

export default faults({
  'A1.0.5': {
    'one process of Postgres may take all memory of its container': edit(
      BASE,
      '    ulimits: { data: 536870912 }\n',
      '',
    ),
    'the limit of one process of Postgres is that of its container': edit(
      BASE,
      'ulimits: { data: 536870912 }',
      'ulimits: { data: 1073741824 }',
    ),
    'the processes of Postgres have a limit of what a core file takes instead': edit(
      BASE,
      'ulimits: { data: 536870912 }',
      'ulimits: { core: 536870912 }',
    ),
    'prod takes the limit of one process of Postgres away': edit(
      'docker/docker-compose.prod.yml',
      'deploy: { resources: { limits: { cpus: "2.0", memory: 4g, pids: 512 } } }',
      'ulimits: !reset {}\n    deploy: { resources: { limits: { cpus: "2.0", memory: 4g, pids: 512 } } }',
    ),
  },
})
