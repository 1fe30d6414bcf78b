// Checks of .env and of the secret files, by the same functions that refuse them when the stack is started.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../../config/cli-error.ts'
import { lostSecret, NO_DATA } from '../../config/create-secrets.ts'
import { dataVolumes } from '../../config/data-volumes.ts'
import type { Variables } from '../../config/database-url.ts'
import { checkSecrets } from '../../config/secrets.ts'
import { SECRETS } from '../../config/services.ts'
import { readStackSettings, readVariables, secretsFolderOf } from '../../config/stack-settings.ts'
import { readProjectFile } from '../../config/text-file.ts'
import { broken, type Check, ok, warning } from './finding.ts'

const SETUP = 'scripts/setup-dev-environment.sh'

/** Each variable that is missing or invalid, with the line by which every script refuses it. */
export const settings: Check = {
  name: 'settings',
  run({ root, variant, beforeSetup }) {
    const unusable = errorOf(() => readProjectFile(join(root, '.env.example')))
    if (unusable !== undefined) return [broken(unusable.what, unusable.next, '.env.example')]
    if (!existsSync(join(root, '.env')))
      return [warning('There is no .env yet.', `${SETUP}, which writes it.`)]
    let variables: Variables = {}
    const error = errorOf(() => {
      variables = readVariables(process.env, root)
      readStackSettings(variables, variant, root)
    })
    if (error === undefined) return [ok('.env names all that is read')]
    return [error, ...error.others].map(({ what, next, facts }) => {
      const variable = facts.variable as string | undefined
      // The set-up adds what is missing.
      const isAdded = beforeSetup && variable !== undefined && !variables[variable]
      return (isAdded ? warning : broken)(what, next, variable ?? '.env')
    })
  },
}

export const secrets: Check = {
  name: 'secrets',
  async run({ root, variant, variables, beforeSetup, docker, project }) {
    const folder = secretsFolderOf(variables, root)
    const next = variant === 'prod' ? 'put them there.' : `${SETUP}, which generates them.`
    const hasEngine = !((await docker()) instanceof CliError)
    const volumes = hasEngine && variant !== 'prod' ? await dataVolumes({ project, variant }) : NO_DATA
    const lost = lostSecret(folder, volumes)
    if (lost !== undefined) return [(beforeSetup ? warning : broken)(lost.what, lost.next, 'HMA_SECRETS')]
    if (!existsSync(folder)) return [warning(`There are no secrets at ${folder} yet.`, next)]
    const isOpen = (statSync(folder).mode & 0o077) !== 0
    if (isOpen && !beforeSetup)
      return [broken(`Other users of this machine may enter ${folder}.`, `chmod 700 ${folder}`, folder)]
    const error = errorOf(() => checkSecrets(folder, variant))
    if (error === undefined) return [ok(`${folder}, for its owner alone`)]
    const isAnyMissing = SECRETS.some(({ name }) => !existsSync(join(folder, name)))
    const report = beforeSetup && isAnyMissing ? warning : broken
    return [report(error.what, error.next, 'HMA_SECRETS')]
  },
}

export const OF_SETTINGS = [settings, secrets]

function errorOf(act: () => unknown): CliError | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof CliError) return error
    throw error
  }
}
