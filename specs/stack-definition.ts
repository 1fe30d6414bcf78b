// What HMA tells the harness: how a database is filled, which roles log in, which web services there are.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { execa } from 'execa'
import { ROOT } from '../config/root.ts'
import type { StackDefinition } from '../harness/setup.ts'

const password = () => randomBytes(12).toString('hex')

const roles = {
  hma_migrator: password(),
  hma_app: password(),
  analytics_reader: password(),
  hma_ml: password(),
  hma_monitor: password(),
  hma_backup: password(),
}

const environment = {
  HMA_ENVIRONMENT: 'test',
  HMA_MIGRATOR_PASSWORD: roles.hma_migrator,
  HMA_APP_PASSWORD: roles.hma_app,
  HMA_ANALYTICS_PASSWORD: roles.analytics_reader,
  HMA_ML_PASSWORD: roles.hma_ml,
  HMA_MONITOR_PASSWORD: roles.hma_monitor,
  HMA_BACKUP_PASSWORD: roles.hma_backup,
}

const migrate = join(ROOT, 'scripts/migrate.sh')

/** A template filled by `scripts/migrate.sh` with these arguments, as a user fills a database. */
function migrated(...args: string[]): StackDefinition['templates']['default'] {
  return {
    inputs: ['migrations', 'scripts/migrate.sh'],
    build: async ({ url }) => {
      await execa(migrate, args, { env: { ...environment, ...loginsOf(url) }, timeout: 60_000 })
    },
  }
}

/** From the superuser's URL: hma_migrator migrates, and the superuser only prepares. */
function loginsOf(url: string): Record<string, string> {
  const login = { username: 'hma_migrator', password: roles.hma_migrator }
  return {
    HMA_DATABASE_URL: Object.assign(new URL(url), login).href,
    HMA_SUPERUSER_PASSWORD: new URL(url).password,
  }
}

export const stackDefinition: StackDefinition = {
  roles,
  templates: { default: migrated('apply'), rls: migrated('apply', '--with', 'rls') },
  webServices: {
    ml: {
      image: 'ml-stub',
      port: 8090,
      health: '/health',
      environment: ({ host, port, name }) => ({
        HMA_ML_DATABASE_URL: `postgres://hma_ml@${host}:${port}/${name}`,
        HMA_ML_PASSWORD: roles.hma_ml,
      }),
    },
  },
}
