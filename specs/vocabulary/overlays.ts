// Compose files that change one property of the stack, and the files that they mount.

export interface Overlay {
  /** The compose file. */
  file: string
  /** Files that it mounts, by name. */
  [name: string]: string
}

/** The initialisation of a new cluster takes as long as this statement. */
export function slowInitialisation(statement: string): Overlay {
  return {
    file: `
services: {postgres: {configs: [{source: slow, target: /docker-entrypoint-initdb.d/slow.sql}]}}
configs: {slow: {file: slow.sql}}
`,
    'slow.sql': `${statement};\n`,
  }
}

/** One more migration, which fails in every database. */
export const failingMigration: Overlay = {
  file: `
services:
  migrate:
    configs:
      - {source: up, target: /app/migrations/9999_failing.up.sql}
      - {source: down, target: /app/migrations/9999_failing.down.sql}
configs: {up: {file: failing.up.sql}, down: {file: failing.down.sql}}
`,
  'failing.up.sql': '-- 9999 failing\n-- needs: nothing\n-- proves: nothing\nselect 1 / 0;\n',
  'failing.down.sql': '-- 9999 failing\nselect 1;\n',
}

/** PGDATA is another folder, as in the image of another major version. */
export function dataFolderAt(folder: string): Overlay {
  return { file: `services: {postgres: {restart: "no", environment: {PGDATA: ${folder}}}}\n` }
}

/** The volume is mounted where older images had it, and PGDATA is outside of it. */
export const dataOutsideVolume: Overlay = {
  file: `
services:
  postgres:
    restart: "no"
    read_only: false
    volumes: !override ["postgres-data:/var/lib/postgresql/data"]
    tmpfs: !override ["/tmp", "/var/run/postgresql:mode=3775,uid=999,gid=999"]
`,
}

/** The volume has a folder of this name that only root may read. */
export function withClosedFolder(folder: string): Overlay {
  return {
    file: `services: {postgres: {restart: "no", tmpfs: ["/var/lib/postgresql/${folder}:mode=0700,size=4k"]}}\n`,
  }
}

/** The service that looks after the audit log has another login. */
export function loginOfAudit(role: string, secret: string): Overlay {
  return {
    file: `
services:
  audit:
    environment:
      HMA_DATABASE_URL: postgres://${role}@postgres:5432/hma
      HMA_DATABASE_PASSWORD_FILE: /run/secrets/${secret}
    secrets: [${secret}]
    healthcheck: {start_period: 1s}
`,
  }
}

/** A volume that is a disk of its own, in memory. */
export function diskInMemory(mebibytes: number): string {
  return `{driver_opts: {type: tmpfs, device: tmpfs, o: "size=${mebibytes}m,mode=1777"}}`
}

/** The volume of the database is such a disk. */
export function databaseDiskOf(mebibytes: number): Overlay {
  return { file: `volumes: {postgres-data: ${diskInMemory(mebibytes)}}\n` }
}

const EVICTING = `
    command: >-
      redis-server --aclfile /run/secrets/redis-acl --maxmemory 8mb --maxmemory-policy allkeys-lru
      --latency-monitor-threshold 10 --busy-reply-threshold 1000
`

/** Redis has little memory, evicts when it is full, remembers what took longer than ten milliseconds, and says after a second that it is busy. */
export const evictingCache: Overlay = { file: `\nservices:\n  redis:${EVICTING}` }

const COUNTING = `
    environment: { MINIO_SCANNER_CYCLE: 5s, MINIO_SCANNER_SPEED: fastest }
`

/** The compose file of a variant, where Redis is the same, and the object store counts its contents every five seconds, and not after minutes. */
export const busyVariant = (text: string) =>
  text.replace('  redis:\n', `  redis:${EVICTING}`).replace('  minio:\n', `  minio:${COUNTING}`)
