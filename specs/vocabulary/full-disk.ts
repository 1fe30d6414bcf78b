// A disk of the database that is too small for it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { runDoctor } from './doctor.ts'
import { diskInMemory } from './overlays.ts'

const VOLUME = '  postgres-data: {}'
/** Less than half of what a new cluster takes. */
const MEBIBYTES = 24

/** What this results in while the volume of the database, which is made meanwhile, has less room than a new cluster takes. */
export async function withFullDatabaseDisk<Result>(
  { root }: Project,
  act: () => Promise<Result>,
): Promise<Result> {
  const file = join(root, 'docker/docker-compose.yml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(VOLUME, VOLUME.replace('{}', diskInMemory(MEBIBYTES))))
  try {
    return await act()
  } finally {
    await writeFile(file, text)
  }
}

/** Containers of the test stack in whose volume, as the doctor says now, there is too little room. */
export async function fullVolumes(project: Project): Promise<(string | undefined)[]> {
  const words = ['--variant', 'test', '--only', 'volumes']
  const diagnosis = await runDoctor(project, words, { HMA_PROJECT: project.composeName })
  const full = diagnosis.of('volumes').filter(({ state }) => state === 'broken')
  return full.map(({ subject }) => subject)
}
