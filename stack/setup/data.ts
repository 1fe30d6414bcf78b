// The steps after the stack is up: reference data and test users, then the smoke test.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { publishedEndpoints } from '../../config/endpoints.ts'
import { connect } from '../../config/postgres.ts'
import { readSecretFile } from '../../config/secrets.ts'
import { loadSeeds, SEEDS } from '../../seeds/load.ts'
import { runSmokeTest } from '../smoke/run.ts'
import { SECOND_MS, type SetupOptions, type StepResult, stackSettings } from './options.ts'

const SEED_LIMITS = { statementTimeoutMs: 50 * SECOND_MS, lockTimeoutMs: 10 * SECOND_MS }

export async function seed({ variant }: SetupOptions): Promise<StepResult> {
  const client = await connect(await migratorUrl(variant), {
    applicationName: 'hma set-up',
    refuseSuperuser: true,
    ...SEED_LIMITS,
  })
  try {
    const loaded = await loadSeeds(client, SEEDS, () => {})
    const rows = Object.values(loaded).reduce((sum, count) => sum + count, 0)
    return { changed: rows > 0, what: rows === 0 ? 'nothing new' : `${rows} rows` }
  } finally {
    client.end().catch(() => {})
  }
}

/** The database of the stack, as the login that may become the owner of the schema. */
async function migratorUrl(variant: SetupOptions['variant']): Promise<URL> {
  const settings = stackSettings(variant)
  const endpoints = await publishedEndpoints(settings)
  const url = endpoints.find(({ service }) => service === 'postgres')?.url
  const password = readSecretFile(settings.secretsFolder, 'migrator-password')
  return Object.assign(new URL(url ?? ''), {
    username: 'hma_migrator',
    password,
    pathname: settings.database,
  })
}

/** Longer than Prometheus takes to ask each service again. */
const SMOKE_WITHIN_MS = 20 * SECOND_MS

export async function smoke({ variant }: SetupOptions): Promise<StepResult> {
  const settings = stackSettings(variant)
  const services = await runSmokeTest(settings, { withinMs: SMOKE_WITHIN_MS })
  const failed = services.find(({ state }) => state === 'failed')
  if (failed !== undefined)
    throw new CliError({
      what: `${failed.service}: ${failed.what}.`,
      next: failed.next ?? 'scripts/smoke.sh',
      exitCode: EXIT.failed,
    })
  return { changed: false, what: `${services.length} services answer` }
}
