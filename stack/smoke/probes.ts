// The probe of each service. Its client library is imported only for a service that is probed.
import { readSecretFile } from '../../config/secrets.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
import { mlProbe } from './ml.ts'
import { alertmanagerProbe, grafanaProbe, prometheusProbe } from './observability.ts'
import type { Probe } from './probe.ts'
import { adminerProbe, redisCommanderProbe } from './tools.ts'

type CreateProbe = (url: string, settings: StackSettings) => Probe | Promise<Probe>

export const PROBES: Record<string, CreateProbe> = {
  async postgres(url, { environment, database, secretsFolder }) {
    const { databaseProbe } = await import('./database.ts')
    const password = readSecretFile(secretsFolder, 'app-password')
    return databaseProbe({ url, environment, database, password })
  },
  async redis(url, { secretsFolder }) {
    const { cacheProbe } = await import('./cache.ts')
    return cacheProbe(url, readSecretFile(secretsFolder, 'redis-password'))
  },
  async minio(url, { bucket, secretsFolder }) {
    const { storeProbe } = await import('./store.ts')
    const keyId = readSecretFile(secretsFolder, 'bucket-key-id')
    return storeProbe({ url, bucket, keyId, keySecret: readSecretFile(secretsFolder, 'bucket-key-secret') })
  },
  ml: mlProbe,
  adminer: adminerProbe,
  'redis-commander': (url, { secretsFolder }) =>
    redisCommanderProbe(url, readSecretFile(secretsFolder, 'redis-password')),
  prometheus: prometheusProbe,
  alertmanager: alertmanagerProbe,
  grafana: (url, { secretsFolder }) => grafanaProbe(url, readSecretFile(secretsFolder, 'grafana-password')),
}
