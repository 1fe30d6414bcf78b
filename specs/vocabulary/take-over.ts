// Traps in what a restore reads by name, made by the owner of the schema. Each leaves a file where the server runs as soon as it runs in
// the session of a superuser: no rollback takes that back.
import type { Database, Session, TestContainer } from '../../harness/index.ts'
import { migratorWithRole } from './logins.ts'
import { trapEverything } from './traps.ts'

const FILE = '/tmp/superuser'

/**
 * The role that a superuser has set is no hindrance. Where Postgres itself holds the session to the owner of a table, as while it builds
 * an index, nothing can take it over. The cost lets it run before every other condition.
 */
const TAKE_OVER = `
  create function ops.take_over() returns boolean language plpgsql cost 0.001 set search_path = '' as $$
    begin
      if (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = session_user) then
        reset role;
        copy (select 1) to '${FILE}';
      end if;
      return true;
    exception when insufficient_privilege then
      return true;
    end $$;
  grant execute on function ops.take_over() to public;
  grant usage on schema ops to public`

/** A cast of a row to text, and a view with a column that takes numbers from a sequence. */
const CAST_AND_NUMBERS = `
  create table ops.trapped (id integer);
  insert into ops.trapped values (0);
  create function ops.text_of(ops.trapped) returns text language plpgsql set search_path = '' as $$
    begin
      perform ops.take_over();
      return 'a row';
    end $$;
  grant execute on function ops.text_of(ops.trapped) to public;
  create cast (ops.trapped as text) with function ops.text_of(ops.trapped);
  create sequence ops.trapped_numbers;
  create view ops.numbered as select id from ops.trapped where ops.take_over();
  alter view ops.numbered alter column id set default nextval('ops.trapped_numbers')`

/** A view does not run its condition for a table without rows. */
const MODEL = `insert into ml.model (name, version, task, artefact_uri, artefact_sha256, artefact_size)
  values ('trapped', '1.0.0', 'text-moderation', 's3://models/trapped', sha256('x'), 1)`

/** In a database that is in use: in everything, and in what a restore reads before it replaces the database. */
export async function trapTarget(db: Database): Promise<void> {
  await trapEverything(db)
  await using owner = await migratorWithRole(db, 'hma_owner')
  await owner.query(TAKE_OVER)
  await replaceByViews(owner, ['ops.environment', 'audit.audit_log', 'ops.schema_migration'])
}

/** In a database that is backed up: in what the comparison of its copy reads. */
export async function trapComparison(db: Database): Promise<void> {
  await using owner = await migratorWithRole(db, 'hma_owner')
  for (const statements of [TAKE_OVER, CAST_AND_NUMBERS, MODEL]) await owner.query(statements)
  await replaceByViews(owner, ['ops.schema_migration', 'ml.model'])
}

async function replaceByViews(owner: Session, names: string[]): Promise<void> {
  for (const name of names)
    await owner.query(`alter table ${name} rename to ${name.split('.')[1]}_behind;
      create view ${name} as select * from ${name}_behind where ops.take_over()`)
}

/** Whether one of them has run in the session of a superuser, of a server in that container. */
export async function wasTakenOver(container: TestContainer): Promise<boolean> {
  return (await container.exec(['test', '-e', FILE])).exitCode === 0
}
