// The volumes that a folder of secrets belongs to.
import { type ComposeVolume, listVolumes } from './compose-containers.ts'
import { ARCHIVE } from './services.ts'
import { readVariables, type StackSettings } from './stack-settings.ts'

/**
 * Those of dev and test, which share their secrets, and the archive as one more where there is one. None where no engine answers:
 * then nothing can be told.
 */
export async function dataVolumes({
  project,
  variant,
}: Pick<StackSettings, 'project' | 'variant'>): Promise<ComposeVolume[]> {
  const dev = variant === 'dev' ? project : project.slice(0, -`-${variant}`.length)
  const volumes = await Promise.all([dev, `${dev}-test`].map((name) => listVolumes(name).catch(() => [])))
  const hasArchive = readVariables(process.env).HMA_ARCHIVE === 'on'
  const archives = volumes.flat().filter(({ key }) => hasArchive && key === 'minio-data')
  return [...volumes.flat(), ...archives.map((volume) => ({ ...volume, key: ARCHIVE }))]
}
