import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const IMAGE = 'image: ${HMA_IMAGE_HMA_POSTGRES:?}\n'
const ENTRYPOINT = '/usr/local/bin/refuse-to-lose-data'

/** The entrypoint of the image, which was built without the fault, as sed changes it. */
const changed = (how: string) =>
  edit(
    BASE,
    IMAGE,
    `${IMAGE}    entrypoint: ["bash", "-c", "sed '${how}' ${ENTRYPOINT} >/tmp/changed && . /tmp/changed", "changed"]\n`,
  )

const without = (line: string) => changed(`/^  ${line}$$/d`)

export default faults({
  'A1.0.7': {
    'nothing restarts what was killed': edit(BASE, 'restart: unless-stopped\n', 'restart: "no"\n'),
    'the cache writes nothing down': edit(BASE, '--appendonly yes', '--appendonly no'),
    'the database lies in a volume without a name': edits(
      {
        file: BASE,
        find: 'PGDATA: /var/lib/postgresql/17/data',
        replace: 'PGDATA: /var/lib/postgresql/data/17',
      },
      { file: BASE, find: '      - /var/lib/postgresql/data:size=4k\n', replace: '' },
    ),
    'an empty cluster is made beside the one that is there': without('refuse_to_hide'),
    'a cluster is made in the container itself': without('refuse_to_lose'),
    'what cannot be looked into holds no cluster': without('refuse_to_guess'),
    'the own folder of a file system may hold a cluster': changed('s/-name lost+found -prune -o//'),
  },
})
