// Faults in the entrypoint of the database's image, which was built without them.
import { edit } from '../../harness/setup.ts'

const IMAGE = `image: \${HMA_IMAGE_HMA_POSTGRES:-localhost/hma-postgres}\n`
const ENTRYPOINT = '/usr/local/bin/refuse-to-lose-data'

/** The stack runs the image's entrypoint as changed by sed. */
export const changedEntrypoint = (how: string) =>
  edit(
    'docker/docker-compose.yml',
    IMAGE,
    `${IMAGE}    entrypoint: ["bash", "-c", "sed '${how}' ${ENTRYPOINT} >/tmp/changed && . /tmp/changed", "changed"]\n`,
  )
