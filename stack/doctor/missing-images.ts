// Asks stack/images which images are missing, once its dependencies are installed.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { dependenciesAreInstalled } from './dependencies.ts'

/** Names of the images that the engine lacks, or the error in docker/images.lock or HMA_IMAGES; undefined without an engine or dependencies. */
export type MissingImages = string[] | CliError | undefined

export async function missingImages(root: string): Promise<MissingImages> {
  if (!dependenciesAreInstalled(root)) return undefined
  const { imageStatus } = await import('../images/status.ts')
  try {
    const images = await imageStatus()
    return images.filter(({ origin }) => origin === null).map(({ name }) => name)
  } catch (error) {
    return error instanceof CliError && error.exitCode === EXIT.usage ? error : undefined
  }
}
