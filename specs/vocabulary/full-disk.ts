// A disk of the database that is too small for it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'

const VOLUME = '  postgres-data: {}'
const OPTIONS = 'type: tmpfs, device: tmpfs, o: "size=24m,uid=999,gid=999,mode=0755"'

/** What this results in while the volume of the database, which is made meanwhile, has less room than a new cluster takes. */
export async function withFullDatabaseDisk<Result>(
  { root }: Project,
  act: () => Promise<Result>,
): Promise<Result> {
  const file = join(root, 'docker/docker-compose.yml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(VOLUME, VOLUME.replace('{}', `{ driver_opts: { ${OPTIONS} } }`)))
  try {
    return await act()
  } finally {
    await writeFile(file, text)
  }
}
