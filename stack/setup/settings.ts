// The step that completes .env and the secret files. It adds what is missing and changes nothing that is there.

import { createSecrets } from '../../config/create-secrets.ts'
import { dataVolumes } from '../../config/data-volumes.ts'
import { ROOT } from '../../config/root.ts'
import { checkSecrets } from '../../config/secrets.ts'
import { completeEnvFile } from './env-file.ts'
import { type SetupOptions, type StepResult, stackSettings } from './options.ts'

export async function completeSettings({ variant }: SetupOptions): Promise<StepResult> {
  const variables = completeEnvFile(ROOT)
  const settings = stackSettings(variant)
  const { secretsFolder } = settings
  const secrets = createSecrets(secretsFolder, await dataVolumes(settings))
  checkSecrets(secretsFolder, variant)
  if (variables.length + secrets.length === 0) return { changed: false, what: 'all there' }
  return { changed: true, what: `${variables.length} variables and ${secrets.length} secrets added` }
}
