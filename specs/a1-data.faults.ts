import { edit, edits, faults } from '../harness/setup.ts'
import { changedEntrypoint } from './vocabulary/changed-entrypoint.ts'

const BASE = 'docker/docker-compose.yml'

const without = (line: string) => changedEntrypoint(`/^  ${line}$$/d`)

export default faults({
  'A1.0.7': {
    'a killed service is not restarted': edit(BASE, 'restart: unless-stopped\n', 'restart: "no"\n'),
    'Redis does not write to disk': edit(BASE, 'redis-acl --appendonly yes', 'redis-acl --appendonly no'),
    'the database is in an anonymous volume': edits(
      {
        file: BASE,
        find: 'PGDATA: /var/lib/postgresql/17/data',
        replace: 'PGDATA: /var/lib/postgresql/data/17',
      },
      { file: BASE, find: '      - /var/lib/postgresql/data:size=4k\n', replace: '' },
    ),
    'an empty cluster is created beside the existing one': without('refuse_to_hide'),
    'a cluster is created in the file system of the container': without('refuse_to_lose'),
    'a folder that cannot be read counts as empty': without('refuse_to_guess'),
    'lost+found counts as a folder that may hold a cluster': changedEntrypoint(
      's/-name lost+found -prune -o//',
    ),
  },
})
