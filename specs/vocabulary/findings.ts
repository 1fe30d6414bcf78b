// States that a restore test has to name, although the restored database may be as its manifest says, and the reports that it keeps.
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { type Database, expect } from '../../harness/index.ts'
import type { Job } from './backups.ts'
import { flipped } from './damage.ts'
import { type Bucket, readStored, replaceDump, writeObject } from './stored-backups.ts'
import { insertUser } from './users.ts'

/** A partitioned table whose leaves do not have the index yet, and a sequence that only the default of a column names. */
const UNFINISHED = `
  create index unfinished on only audit.audit_log (action);
  create sequence ops.numbers;
  create table ops.numbered (id bigint not null default nextval('ops.numbers'), word text not null default 'x');
  insert into ops.numbered default values;
  insert into ops.numbered default values`

/** Of an identity, of a column that it belongs to, of a default alone. The second has given out none of its numbers. */
const BEHIND = `
  select setval('guard.ddl_log_id_seq', (select max(id) - 1 from guard.ddl_log));
  select setval('audit.audit_log_id', (select max(id) from audit.audit_log), false);
  select setval('ops.numbers', 1)`

/** Makes what cannot be used, each as it comes about: an index of leaves that were not done, one that failed, sequences behind. */
export async function createUnusable(db: Database): Promise<void> {
  await insertUser(db)
  await db.query(UNFINISHED)
  await expect(db.query('create unique index concurrently doubled on ops.numbered (word)')).toFailWith(
    '23505',
  )
  await db.query(BEHIND)
}

/** What must be found of it, in the order of the alphabet. No dump has an index that failed. */
export const UNUSABLE = [
  'index audit.unfinished',
  'index ops.doubled',
  'sequence audit.audit_log_id',
  'sequence guard.ddl_log_id_seq',
  'sequence ops.numbers',
]

/** Adds what protects and is in no table. No log records it, so that nothing else differs from an earlier dump. */
export async function protectMore(db: Database): Promise<void> {
  await db.query(`
    set event_triggers = off;
    create policy more on auth.users using (true);
    create event trigger more on sql_drop execute function guard.record_ddl();
    alter default privileges for role hma_owner grant execute on functions to hma_ml;
    reset event_triggers`)
}

/** How the findings begin, in their order, where the dump does not have it. */
export const UNPROTECTED = [
  'default acl for role hma_owner on functions ',
  'event trigger more ',
  'policy more on auth.users ',
]

/** Registers a model of each name; its artefact is the object `models/NAME`. */
export async function registerModels(db: Database, bucket: Bucket, names: string[]): Promise<void> {
  await db.query(
    `insert into ml.model (name, version, task, artefact_uri, artefact_sha256, artefact_size)
     select name, '1.0.0', 'moderation', format('s3://%s/models/%s', $1::text, name), sha256('x'), 1 from unnest($2::text[]) name`,
    [bucket.name, names],
  )
}

/** Its versions stay, below a marker. */
export async function removeObject({ name, client }: Bucket, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }))
}

/** The report of a restore test on the disk of the job; undefined where there is none. */
export async function reportOnDisk(job: Job, id: string): Promise<unknown> {
  const { exitCode, stdout } = await job.shell(`cat /backups/restore-tests/${id}.json`)
  return exitCode === 0 ? JSON.parse(stdout) : undefined
}

/** One bit in the middle of the dump changes in the store: the download of a restore notices it. */
export async function flipInDump(bucket: Bucket, db: Database, id: string): Promise<void> {
  const { dump } = await readStored(bucket, db, id)
  await writeObject(bucket, `${db.name}/${id}/dump`, flipped(dump, Math.floor(dump.length / 2)))
}

/** The dump ends in its middle, and the manifest agrees with it: only a program that restores it notices that. */
export async function halveDump(bucket: Bucket, db: Database, id: string): Promise<void> {
  const { dump } = await readStored(bucket, db, id)
  await replaceDump(bucket, db, id, dump.subarray(0, dump.length / 2))
}

/** Metrics of a restore that was found equal. */
export const OF_A_PROVEN_RESTORE = [
  'hma_restore_verified_timestamp_seconds',
  'hma_restore_rto_seconds',
  'hma_restore_rpo_seconds',
]
