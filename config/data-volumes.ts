// The volumes that a folder of secrets belongs to.
import { type ComposeVolume, listVolumes } from './compose-containers.ts'
import type { StackSettings } from './stack-settings.ts'

/** Those of dev and test, which share their secrets. None where no engine answers: then nothing can be told. */
export async function dataVolumes({
  project,
  variant,
}: Pick<StackSettings, 'project' | 'variant'>): Promise<ComposeVolume[]> {
  const dev = variant === 'dev' ? project : project.slice(0, -`-${variant}`.length)
  const volumes = await Promise.all([dev, `${dev}-test`].map((name) => listVolumes(name).catch(() => [])))
  return volumes.flat()
}
