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

/** One of each kind of definition of which Postgres evaluates something while it is made, with rows where it asks these. */
const EVALUATED = `
  create function ops.taken(word text) returns text immutable language plpgsql set search_path = '' as $$
    begin
      perform ops.take_over();
      return word;
    end $$;
  grant execute on function ops.taken(text) to public;
  create domain ops.trapped_word as text check (ops.taken(value) is not null);
  create table ops.generated (id integer, word text generated always as (ops.taken('constant')) stored);
  create table ops.keyed (word text) partition by list ((word || ops.taken('key')));
  create table ops.bounded (word ops.trapped_word) partition by list (word);
  create table ops.bounded_one partition of ops.bounded for values in ('bound');
  create table ops.attached (id integer not null) partition by range (id);
  create table ops.attached_one partition of ops.attached (check (ops.taken('one') = 'one')) for values from (0) to (10);
  create table ops.attached_rest partition of ops.attached (check (ops.taken('rest') = 'rest')) default;
  create function ops.add(ops.trapped_word, text) returns ops.trapped_word language sql as 'select $1';
  create aggregate ops.total(text) (sfunc = ops.add, stype = ops.trapped_word, initcond = 'nothing');
  create type ops.name as enum ('one');
  create function ops.word_of(ops.name) returns text immutable language sql as $$ select ops.taken('one') $$;
  create cast (ops.name as text) with function ops.word_of(ops.name) as implicit;
  create table ops.names (name text primary key);
  create table ops.of_names (name ops.name references ops.names);
  insert into ops.names values ('one');
  insert into ops.of_names values ('one');
  create table ops.wholes (id integer);
  create function ops.is_whole(ops.wholes) returns boolean immutable language sql as $$ select ops.taken('row') = 'row' $$;
  alter table ops.wholes add constraint rows_are_whole check (ops.is_whole(wholes));
  insert into ops.wholes values (1)`

/** A constant of an array of a domain, which Postgres checks when it reads it, in one of each kind of definition that has expressions. */
const CONSTANTS = `
  create function ops.keep() returns trigger language plpgsql as 'begin return new; end';
  create table ops.words (id integer primary key, word text, words ops.trapped_word[] default '{default}');
  create policy words_are_seen on ops.words using (word = any('{policy}'::ops.trapped_word[]));
  create trigger words_are_kept before insert on ops.words for each row
    when (new.word = any('{when}'::ops.trapped_word[])) execute function ops.keep();
  create view ops.words_seen as select '{view}'::ops.trapped_word[] as words;
  alter view ops.words_seen alter column words set default '{column of a view}';
  create function ops.with_words(words ops.trapped_word[] default '{argument}') returns integer language sql as 'select 1';
  create function ops.word() returns text language sql begin atomic select ('{body}'::ops.trapped_word[])[1]; end;
  create view ops.words_grouped as select id, word, '{rule}'::ops.trapped_word[] as words from ops.words group by id;
  create view ops.words_given as select * from ops.words_grouped;
  create view ops.words_given_grouped as select id, word, '{rule of a definer}'::ops.trapped_word[] as words from ops.words group by id;
  grant create on schema ops to hma_analytics_definer;
  alter view ops.words_given owner to hma_analytics_definer;
  alter view ops.words_given_grouped owner to hma_analytics_definer;
  revoke create on schema ops from hma_analytics_definer`

/** One of each kind that Postgres stores as it is, or evaluates as the owner of the table. */
const STORED = `
  create function ops.with_argument(word text default ops.taken('argument')) returns text language sql as 'select word';
  create table ops.others (
    id integer default length(ops.taken('default')), word text,
    exclude using btree ((ops.taken('exclusion') || word) with =)
  );
  insert into ops.others values (1, 'one');
  create index on ops.others ((ops.taken('index') || word)) where ops.taken('predicate') = 'predicate';
  create statistics ops.words on (ops.taken('statistics') || word), id from ops.others;
  create trigger kept before insert on ops.others for each row when (ops.taken('when') = 'when') execute function ops.keep();
  create policy seen on ops.others using (ops.taken('policy') = 'policy');
  alter table ops.others enable row level security;
  create view ops.seen as select ops.taken('view') as word;
  create materialized view ops.kept as select ops.taken('materialized view') as word`

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

/** In a database that is backed up: in what the comparison of its copy reads, and in what a restore makes. */
export async function trapBackup(db: Database): Promise<void> {
  // In a schema in which its owner may create nothing.
  await db.query('create table public.given (id integer); alter table public.given owner to hma_owner')
  await using owner = await migratorWithRole(db, 'hma_owner')
  for (const statements of [TAKE_OVER, CAST_AND_NUMBERS, MODEL, EVALUATED, CONSTANTS, STORED])
    await owner.query(statements)
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
