// Security-definer functions: their owners, their search paths, and whether a caller can redirect the names in them.
import type { Database, Session } from '../../harness/index.ts'

const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'workbench')
  and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')`

/** Each definer function and its owner, in the format of the matrix. */
export async function definersIn(db: Database): Promise<string[]> {
  const rows = await db.query<{ line: string }>(
    `select format('%s.%s(%s) runs as %s', n.nspname, p.proname, replace(oidvectortypes(p.proargtypes), 'timestamp with time zone', 'timestamptz'), p.proowner::regrole) as line
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${OURS}`,
  )
  return rows.map(({ line }) => line).sort()
}

const ONLY_OF_THE_WRITER = `coalesce((
  select bool_and(a.grantee = 'hma_audit_writer'::regrole) from aclexplode(p.proacl) a where a.grantee <> p.proowner), false)`

/**
 * Functions without an empty search path among those that resolve names at run time. Functions that only the audit's writer may
 * execute are left out: they run inside its definers, with the search path that these pinned.
 */
export async function unpinnedFunctionsIn(db: Database): Promise<string[]> {
  return db.column(
    `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where (p.prosecdef or p.prosqlbody is null) and p.prokind in ('f', 'p')
        and not coalesce(p.proconfig @> array['search_path=""'], false) and ${OURS} and (p.prosecdef or not ${ONLY_OF_THE_WRITER}) order by 1`,
  )
}

/** Owners of definer functions with more rights than their functions need, and which. */
export async function overprivilegedOwnersIn(db: Database): Promise<unknown[]> {
  return db.query(
    `with owners as (
         select distinct p.proowner as oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${OURS}
     )
     select r.rolname as owner, w.why
       from owners o join pg_roles r on r.oid = o.oid
      cross join lateral (
          select 'is a superuser' as why where r.rolsuper
          union all select 'logs in' where r.rolcanlogin
          union all select 'makes roles or databases' where r.rolcreaterole or r.rolcreatedb
          union all select 'passes row security' where r.rolbypassrls
          union all select 'is a member of ' || m.roleid::regrole from pg_auth_members m where m.member = o.oid
          union all select 'owns ' || c.oid::regclass from pg_class c where c.relowner = o.oid and c.relkind in ('r', 'p', 'S')
          union all select 'creates in ' || n.nspname from pg_namespace n where has_schema_privilege(o.oid, n.oid, 'create')
      ) w order by 1, 2`,
  )
}

/**
 * Creates, in schema workbench, a function of the same name and arguments for every function of Postgres that a definer calls.
 * It records the role that runs it, then does what the original does.
 */
export async function setTraps(db: Database): Promise<void> {
  await db.query(`
    create schema workbench;
    create table workbench.sprung (caller text, name text);
    grant usage on schema workbench to public;
    grant insert on workbench.sprung to public;
    do $$
    declare
        real record;
    begin
        for real in
            select p.proname as name, oidvectortypes(p.proargtypes) as arguments, p.prorettype::regtype as answer,
                   (select string_agg('$' || n, ', ') from generate_series(1, p.pronargs) n) as passed
              from pg_proc p
             where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and not p.proretset and p.provariadic = 0
               and not exists (
                   select from pg_type t where t.typtype = 'p' and t.typname !~ '^any(element|array)$' and t.oid = any (p.proargtypes || p.prorettype))
               and p.proname in (select m[1] from pg_proc d, regexp_matches(d.prosrc, '([a-z_]+)\\(', 'g') m where d.prosecdef)
        loop
            execute format(
                'create function workbench.%I(%s) returns %s language plpgsql set search_path = '''' as $trap$
                 begin insert into workbench.sprung values (current_user, %L); return pg_catalog.%I(%s); end $trap$',
                real.name, real.arguments, real.answer, real.name, real.name, coalesce(real.passed, ''));
            execute format('grant execute on function workbench.%I(%s) to public', real.name, real.arguments);
        end loop;
    end
    $$`)
}

/** Traps that ran as another role than the session's. */
export async function triggeredTraps(db: Database, role: string): Promise<unknown[]> {
  return db.query('select distinct caller, name from workbench.sprung where caller <> $1', [role])
}

/** Everything a user does in the application, so that every function and trigger runs. */
export async function useAsUser(db: Database, app: Session): Promise<void> {
  const document = await db.value<string>(
    `insert into reference.legal_documents (name, version, content_sha256) values ('terms', '1', sha256('')) returning id`,
  )
  await app.query(`select auth.register('ada@example.org', 'x', '1990-01-01', 'request')`)
  await app.query(`select auth.register('minor@example.org', 'x', '2990-01-01', 'request')`)
  const id = await app.value<string>(`select user_id from auth.find_credentials('ada@example.org')`)
  const token = `pg_catalog.sha256('token')`
  await app.query(`select auth.start_session('${id}', ${token})`)
  await app.query(`
    begin;
    select auth.identify(${token});
    insert into auth.legal_acceptance (user_id, document_id) values ('${id}', '${document}');
    update auth.users set email = 'countess@example.org' where email operator(pg_catalog.=) 'ada@example.org';
    select auth.end_session(${token});
    delete from auth.users where email operator(pg_catalog.=) 'countess@example.org';
    commit`)
}
