// What specs use to change and read the model registry.
import type { Session } from '../../harness/index.ts'

/** The example models of seeds/models.sql, as /models lists them. */
export const EXAMPLE_MODELS = [
  'image-moderation 1.0.0 production',
  'profile-ranking 0.9.0 registered',
  'spam-detection 3.2.1 staging',
  'text-moderation 2.0.0 staging',
  'text-moderation 1.1.0 production',
  'text-moderation 1.0.0 archived',
]

export interface Version {
  name?: string
  version?: string
  stage?: string
  task?: string
  description?: string | null
  uri?: string
  /** Length of the hash in bytes. */
  hashBytes?: number
  size?: number
}

/** Registers one version of a model, as a release does. */
export async function register(db: Session, given: Version = {}): Promise<void> {
  const { name = 'moderation', version = '1.0.0', stage = 'registered', task = 'text-moderation' } = given
  const {
    description = null,
    uri = `s3://models/${name}/${version}.bin`,
    hashBytes = 32,
    size = 4096,
  } = given
  await db.query(
    `insert into ml.model (name, version, stage, task, description, artefact_uri, artefact_sha256, artefact_size)
     values ($1, $2, $3, $4, $5, $6, decode(repeat('ab', $7), 'hex'), $8)`,
    [name, version, stage, task, description, uri, hashBytes, size],
  )
}

/** Registers versions one after the other. */
export async function registerAll(db: Session, versions: Version[]): Promise<void> {
  for (const version of versions) await register(db, version)
}

/** Registers those versions that the table accepts, and resolves to them. */
export async function registerAccepted(db: Session, versions: Version[]): Promise<Version[]> {
  const accepted: Version[] = []
  for (const version of versions)
    await register(db, version).then(
      () => accepted.push(version),
      () => {},
    )
  return accepted
}

/** Registers a version that the rules for addresses and sizes would refuse, as after a mistake of a migration. */
export async function registerBeyondRules(db: Session, version: Version): Promise<void> {
  await db.query(`alter table ml.model
    drop constraint artefacts_have_a_plain_address, drop constraint artefacts_have_a_size`)
  await register(db, version)
}

/** Makes every read of the registry fail: one version is no number. */
export async function breakRegistry(db: Session): Promise<void> {
  await db.query('drop index ml.models_by_number; alter table ml.model drop constraint models_are_numbered')
  await registerAll(db, [{ version: 'one' }, { version: 'two' }])
}

/**
 * Makes every read of a model wait for this session, and not the question whether there is one: Postgres
 * calls a stable function only where its column is asked for.
 */
export async function holdModels(db: Session): Promise<void> {
  await db.query(`
    create function ml.held(text) returns text stable language plpgsql as $$ begin
      perform pg_advisory_lock_shared(1); return $1; end $$;
    alter table ml.model rename to registered;
    create view ml.model as
      select name, version, stage, task, ml.held(description) as description,
             artefact_uri, artefact_sha256, artefact_size, created_at, updated_at
        from ml.registered;
    grant execute on function ml.held(text) to hma_ml;
    grant select on ml.model to hma_ml;
    select pg_advisory_lock(1)`)
}

/** Moves a version of a model to a stage. */
export async function move(db: Session, version: string, stage: string): Promise<void> {
  await db.query('update ml.model set stage = $2 where version = $1', [version, stage])
}

/** Replaces the version in production by another, in one transaction. */
export async function replaceInProduction(db: Session, from: string, to: string): Promise<void> {
  await db.query('begin')
  await move(db, from, 'archived')
  await move(db, to, 'production')
  await db.query('commit')
}

/** Swaps the names of two stages; no row changes. */
export async function swapStages(db: Session, one: string, other: string): Promise<void> {
  const rename = (from: string, to: string) => `alter type ml.stage rename value '${from}' to '${to}'`
  await db.query([rename(one, 'swapped'), rename(other, one), rename('swapped', other)].join('; '))
}

/** Another value for each column that belongs to an artefact, as SQL. */
export const ANOTHER = {
  name: `'another'`,
  version: `'1.0.1'`,
  artefact_uri: `'s3://models/another.bin'`,
  artefact_sha256: `sha256('another')`,
  artefact_size: 'artefact_size + 1',
}

const STAGES = ['registered', 'staging', 'production', 'archived']

/** Each of these columns in each stage. */
export const EVERY_ARTEFACT = (Object.keys(ANOTHER) as (keyof typeof ANOTHER)[]).flatMap((column) =>
  STAGES.map((stage) => [column, stage] as const),
)

/** Sets one column of every version; `expression` is SQL. */
export async function alter(db: Session, column: string, expression: string): Promise<void> {
  await db.query(`update ml.model set ${column} = ${expression}`)
}

/** The versions in production, in order. */
export async function inProduction(db: Session): Promise<string[]> {
  return db.column(`select version from ml.model where stage = 'production' order by name, version`)
}

/** When the only version was registered and last changed, to the microsecond and in UTC. */
export async function timesOf(db: Session): Promise<{ registeredAt: string; updatedAt: string }> {
  const asText = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  const [times] = await db.query<{ registeredAt: string; updatedAt: string }>(
    `select ${asText('created_at')} as "registeredAt", ${asText('updated_at')} as "updatedAt" from ml.model`,
  )
  return times ?? { registeredAt: 'never', updatedAt: 'never' }
}
