// Traps in everything that the owner of the schema owns: they note when they run in the session of a superuser. The note is a sequence,
// because a rollback does not take that back.
import type { Database } from '../../harness/index.ts'
import { migratorWithRole } from './logins.ts'

const TRAP = `
  create sequence ops.superusers;
  create function ops.trap() returns boolean language plpgsql security definer set search_path = '' as $$
    begin
      if (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = session_user) then
        perform nextval('ops.superusers');
      end if;
      return true;
    end $$;
  create function ops.trap_trigger() returns trigger language plpgsql set search_path = '' as $$
    begin perform ops.trap(); return null; end $$;
  grant execute on function ops.trap() to public;
  grant usage on schema ops to public`

/** In each table: triggers for statements and for the commit, a check and a column with a default. A view takes the place of one table. */
const IN_TABLES = `
  do $do$ declare relation regclass;
  begin
    for relation in
      select c.oid from pg_class c where c.relowner = 'hma_owner'::regrole and c.relkind in ('r', 'p') and not c.relispartition
    loop
      execute format('create trigger a_trap before insert or update or delete on %s for each statement execute function ops.trap_trigger()', relation);
      execute format('create constraint trigger trap_at_commit after insert or update or delete on %s
                        deferrable initially deferred for each row execute function ops.trap_trigger()', relation);
      execute format('alter table %s add constraint no_trap check (ops.trap())', relation);
      -- Functions use the row types of the others.
      if relation::text like 'ops.%' then
        execute format('alter table %s add column trap boolean default ops.trap()', relation);
      end if;
    end loop;
  end $do$;
  alter table ops.environment rename to environment_kept;
  create view ops.environment as select * from ops.environment_kept where ops.trap()`

/** At the beginning of each function of the owner, and of the roles that it can become. */
const IN_FUNCTIONS = `
  do $do$ declare routine record;
  begin
    for routine in
      select pg_get_functiondef(p.oid) as definition, l.lanname as language from pg_proc p join pg_language l on l.oid = p.prolang
       where l.lanname in ('plpgsql', 'sql') and p.proname !~ 'trap' and pg_has_role('hma_owner', p.proowner, 'set')
    loop
      execute case
        when routine.language = 'plpgsql' then regexp_replace(routine.definition, '\\mbegin\\M', 'begin perform ops.trap();', 'i')
        when routine.definition ~ '\\nAS \\$' then regexp_replace(routine.definition, '\\nAS (\\$\\w+\\$)', ' AS \\1 select ops.trap();')
        when routine.definition ~ '\\nBEGIN ATOMIC' then regexp_replace(routine.definition, '\\nBEGIN ATOMIC', ' BEGIN ATOMIC select ops.trap();')
        else regexp_replace(rtrim(routine.definition, chr(10)), '\\nRETURN (.*)$', ' BEGIN ATOMIC select ops.trap(); RETURN \\1; END')
      end;
    end loop;
  end $do$`

/** Those in tables as hma_owner, which is what an attacker with the login hma_migrator can become; a superuser can replace every function. */
export async function trapEverything(db: Database): Promise<void> {
  await using owner = await migratorWithRole(db, 'hma_owner')
  for (const statements of [TRAP, IN_TABLES]) await owner.query(statements)
  await db.query(IN_FUNCTIONS)
}

/** The functions of these owners that have none. */
export function functionsWithoutTrap(db: Database): Promise<string[]> {
  return db.column(`select p.oid::regprocedure::text from pg_proc p
    where p.prokind <> 'a' and pg_has_role('hma_owner', p.proowner, 'set') and p.proname !~ 'trap' and pg_get_functiondef(p.oid) !~ 'ops\\.trap\\(\\)' order by 1`)
}

/** Whether one of them has run in the session of a superuser. */
export function hasSuperuserRunOne(db: Database): Promise<boolean> {
  return db.value<boolean>('select is_called from ops.superusers')
}

/** Makes the migrator a superuser as soon as a superuser calls the verification of the audit log. */
export async function trapVerification(db: Database): Promise<void> {
  await using owner = await migratorWithRole(db, 'hma_owner')
  await owner.query(`
    do $do$ begin
      execute regexp_replace(pg_get_functiondef('audit.verify(bytea)'::regprocedure), '\\mbegin\\M',
        'begin if (select rolsuper from pg_roles where rolname = current_user) then execute $trap$alter role hma_migrator superuser$trap$; end if;', 'i');
      alter function audit.verify(bytea) volatile;
    end $do$`)
}

/** Makes the migrator a superuser as soon as a superuser loads the rows of a table or builds what belongs to it. */
export async function trapRows(db: Database): Promise<void> {
  await using owner = await migratorWithRole(db, 'hma_owner')
  await owner.query(`
    create function ops.intrude(word text) returns text immutable language plpgsql set search_path = '' as $$ begin
      if (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user) then
        execute 'alter role hma_migrator superuser';
      end if;
      return word;
    end $$;
    create domain ops.trapped as text check (ops.intrude(value) is not null);
    create table ops.trap (
      id integer not null check (ops.intrude(id::text) is not null),
      word ops.trapped,
      same text generated always as (ops.intrude(id::text)) stored
    );
    create index on ops.trap (ops.intrude(word));
    create statistics ops.trap_words on ops.intrude(word), id from ops.trap;
    create materialized view ops.trap_words_seen as select ops.intrude(word) as word from ops.trap;
    insert into ops.trap select n, n from generate_series(1, 3) n`)
}
