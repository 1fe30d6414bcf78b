// The volumes that a folder of secrets belongs to.
import { listVolumes } from './compose-containers.ts'
import type { DataVolumes } from './create-secrets.ts'
import { ARCHIVE, SECRETS } from './services.ts'
import { readVariables, type StackSettings } from './stack-settings.ts'

/**
 * Those of dev and test, which share their secrets, and the archive as one more where there is one. Where no engine answers, each that
 * a secret is made into is possible.
 */
export async function dataVolumes({
  project,
  variant,
}: Pick<StackSettings, 'project' | 'variant'>): Promise<DataVolumes> {
  const dev = variant === 'dev' ? project : project.slice(0, -`-${variant}`.length)
  const hasArchive = readVariables(process.env).HMA_ARCHIVE === 'on'
  const listed = Promise.all([dev, `${dev}-test`].map((name) => listVolumes(name)))
  const volumes = await listed.then(
    (lists) => lists.flat(),
    () => undefined,
  )
  if (volumes === undefined)
    return { existing: [], possible: KEYS.filter((key) => hasArchive || key !== ARCHIVE) }
  const archives = volumes.filter(({ key }) => hasArchive && key === 'minio-data')
  return {
    existing: [...volumes, ...archives.map((volume) => ({ ...volume, key: ARCHIVE }))],
    possible: [],
  }
}

const KEYS = SECRETS.flatMap((secret) =>
  secret.kind === 'password' && secret.madeInto !== undefined ? [secret.madeInto] : [],
)
