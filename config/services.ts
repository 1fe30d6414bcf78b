// The services of the stack that people and programs reach, with their ports and secrets: the only list of them. Variables,
// secrets, endpoints, the smoke test and specs derive theirs. Without dependency: the doctor reads it before `npm ci`.

export interface Port {
  /** Where it listens inside of its container. */
  containerPort: number
  protocol: string
  /** The variable that sets its port on 127.0.0.1 in dev, and its value in .env.example. */
  variable: string
  hostPort: number
  /** What .env.example calls it. */
  title: string
}

/** A secret file; `kind` says how it is made and checked. */
export type Secret =
  /** `madeInto`: the volume, or the archive, whose data accept this password alone. It is never made anew while those exist. */
  | { name: string; kind: 'password'; madeInto?: string }
  | { name: string; kind: 'identifier'; prefix: string }
  /** The access control list of Redis, which holds the hashes of the passwords that stand before it. */
  | { name: string; kind: 'redis-acl'; passwords: readonly [application: string, monitor: string] }
  /** The password of the user monitor for redis_exporter, which reads its passwords from JSON by address. */
  | { name: string; kind: 'redis-exporter'; password: string }
  /** A private key for TLS. */
  | { name: string; kind: 'tls-key' }
  /** The certificate of a key, signed by the authority whose certificate and key stand before it; without one it is an authority. */
  | { name: string; kind: 'certificate'; subject: string; key: string; issuer?: string }

/** A profile of compose: what it names starts only when it is asked for. */
export type Profile = 'tools' | 'observability' | 'grafana'

export interface Service {
  name: string
  /** Profile without which compose does not start it. */
  profile?: Profile
  ports: readonly Port[]
  secrets: readonly Secret[]
}

/** What pgBackRest stores in MinIO, encrypted, with HMA_ARCHIVE=on. */
export const ARCHIVE = 'archive'

/** Logins of the stack's database, and the secret that holds the password of each. */
export const LOGIN_SECRETS = {
  postgres: 'postgres-password',
  hma_migrator: 'migrator-password',
  hma_app: 'app-password',
  analytics_reader: 'analytics-password',
  hma_ml: 'ml-password',
  hma_monitor: 'monitor-password',
  hma_backup: 'backup-password',
} as const

/** Users of the stack's Redis, likewise. */
export const REDIS_SECRETS = { default: 'redis-password', monitor: 'redis-monitor-password' } as const

const { postgres: SUPERUSER_SECRET, ...OTHER_SECRETS } = LOGIN_SECRETS

export const SERVICES: readonly Service[] = [
  {
    name: 'postgres',
    ports: [port(5432, 'postgres', 'HMA_POSTGRES_PORT', 5432, 'Postgres')],
    secrets: [
      { name: SUPERUSER_SECRET, kind: 'password', madeInto: 'postgres-data' },
      ...Object.values(OTHER_SECRETS).map(password),
    ],
  },
  {
    name: 'redis',
    ports: [port(6379, 'redis', 'HMA_REDIS_PORT', 6379, 'Redis')],
    secrets: [
      ...Object.values(REDIS_SECRETS).map(password),
      { name: 'redis-acl', kind: 'redis-acl', passwords: [REDIS_SECRETS.default, REDIS_SECRETS.monitor] },
      { name: 'redis-exporter-passwords', kind: 'redis-exporter', password: REDIS_SECRETS.monitor },
    ],
  },
  {
    name: 'minio',
    ports: [
      port(9000, 'http', 'HMA_MINIO_PORT', 9000, 'MinIO (S3)'),
      port(9001, 'http', 'HMA_MINIO_CONSOLE_PORT', 9001, "MinIO's console"),
    ],
    secrets: [
      { name: 'minio-root-user', kind: 'identifier', prefix: 'root' },
      password('minio-root-password'),
      { name: 'bucket-key-id', kind: 'identifier', prefix: 'app' },
      password('bucket-key-secret'),
      { name: 'backup-key-id', kind: 'identifier', prefix: 'backup' },
      password('backup-key-secret'),
      { name: 'archive-key-id', kind: 'identifier', prefix: 'archive' },
      password('archive-key-secret'),
      { name: 'archive-cipher', kind: 'password', madeInto: ARCHIVE },
      { name: 'archive-ca-key', kind: 'tls-key' },
      { name: 'archive-ca', kind: 'certificate', subject: 'HMA archive', key: 'archive-ca-key' },
      { name: 'archive-store-key', kind: 'tls-key' },
      {
        ...{ name: 'archive-store-certificate', kind: 'certificate', subject: 'archive-store' },
        ...{ key: 'archive-store-key', issuer: 'archive-ca' },
      },
    ],
  },
  { name: 'ml', ports: [port(8090, 'http', 'HMA_ML_PORT', 8080, 'the ML stub')], secrets: [] },
  {
    name: 'adminer',
    profile: 'tools',
    ports: [port(8080, 'http', 'HMA_ADMINER_PORT', 8081, 'Adminer')],
    secrets: [],
  },
  {
    name: 'redis-commander',
    profile: 'tools',
    ports: [port(8081, 'http', 'HMA_REDIS_COMMANDER_PORT', 8082, 'Redis Commander')],
    secrets: [],
  },
  {
    name: 'prometheus',
    profile: 'observability',
    ports: [port(9090, 'http', 'HMA_PROMETHEUS_PORT', 9090, 'Prometheus')],
    secrets: [],
  },
  {
    name: 'alertmanager',
    profile: 'observability',
    ports: [port(9093, 'http', 'HMA_ALERTMANAGER_PORT', 9093, 'Alertmanager')],
    secrets: [],
  },
  {
    name: 'grafana',
    profile: 'grafana',
    ports: [port(3000, 'http', 'HMA_GRAFANA_PORT', 3000, 'Grafana')],
    secrets: [password('grafana-password')],
  },
]

export interface ServicePort extends Port {
  service: string
  profile?: Profile
}

export const SERVICE_PORTS: readonly ServicePort[] = SERVICES.flatMap(({ name, profile, ports }) =>
  ports.map((each) => ({ service: name, ...each, ...(profile === undefined ? {} : { profile }) })),
)

/** In this order they are made: what is derived from a password stands behind it. */
export const SECRETS: readonly Secret[] = SERVICES.flatMap(({ secrets }) => secrets)

function port(
  containerPort: number,
  protocol: string,
  variable: string,
  hostPort: number,
  title: string,
): Port {
  return { containerPort, protocol, variable, hostPort, title }
}

function password(name: string): Secret {
  return { name, kind: 'password' }
}
