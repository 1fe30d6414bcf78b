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

export default faults([
  {
    criterion: 'A1.0.7',
    breaks: 'nothing restarts what was killed',
    plant: edit(BASE, 'restart: unless-stopped\n', 'restart: "no"\n'),
  },
  {
    criterion: 'A1.0.7',
    breaks: 'the cache writes nothing down',
    plant: edit(BASE, '--appendonly yes', '--appendonly no'),
  },
  {
    criterion: 'A1.0.7',
    breaks: 'the database lies in a volume without a name',
    plant: edits(
      {
        file: BASE,
        find: 'PGDATA: /var/lib/postgresql/17/data',
        replace: 'PGDATA: /var/lib/postgresql/data/17',
      },
      { file: BASE, find: '      - /var/lib/postgresql/data:size=4k\n', replace: '' },
    ),
  },
  {
    criterion: 'A1.0.7',
    breaks: 'an empty cluster is made beside the one that is there',
    plant: without('refuse_to_hide'),
  },
  {
    criterion: 'A1.0.7',
    breaks: 'a cluster is made in the container itself',
    plant: without('refuse_to_lose'),
  },
  {
    criterion: 'A1.0.7',
    breaks: 'what cannot be looked into holds no cluster',
    plant: without('refuse_to_guess'),
  },
  {
    criterion: 'A1.0.7',
    breaks: 'the own folder of a file system may hold a cluster',
    plant: changed('s/-name lost+found -prune -o//'),
  },
])
