// The catalog as rows (kind, identity, digest), equal in all databases with the same migrations: without oids, dates and statistics. Each
// object has one row, in whose digest all rows of all catalogs are that belong to it.
import { type Ask, privilegesOf, readParts } from './catalog-query.ts'

/** Dates in the names and bounds of leaves, by which they differ. */
const MONTHS = String.raw`\d{4}[-_]\d\d([-_]\d\d)?`

/**
 * Leaves come and go with the months, so they are compared with each other: the most frequent digest stands for all leaves of a table, and
 * a leaf that differs from it has a row of its own.
 */
const LEAVES = `
leaves as materialized (
    select r.oid, l.oid as leaf, l.relname, pg_partition_root(l.oid) as root
      from (select c.oid, coalesce(i.indrelid, c.oid) as table_oid from pg_class c left join pg_index i on i.indexrelid = c.oid) r
      join pg_class l on l.oid = r.table_oid where l.relispartition and l.relkind in ('r', 'p', 'f')
),
leaf_digests as materialized (
    select l.leaf, l.root, md5(string_agg(x.content, e'\\n' order by x.content collate "C")) as digest
      from parts p join leaves l on l.oid = p.relation
     cross join lateral (select regexp_replace(replace(p.content, l.relname, ''), '${MONTHS}', '', 'g') as content) x
     where p.content !~ '^pg_description'
     group by l.leaf, l.root
),
usual_leaves as (
    select root, mode() within group (order by digest) as digest from leaf_digests group by root
)`

/** Roles that own something or have a privilege in this database, and those that have rights over the whole server. */
const ROLES = `
roles as materialized (
    -- A limit that was lifted stays as infinity: no statement makes it null again.
    select r.oid, r.rolname, to_jsonb(r) - array['oid', 'rolname', 'rolpassword', 'rolconfig']
           || jsonb_build_object(
                  'rolvaliduntil', nullif(r.rolvaliduntil, 'infinity'), 'comment', shobj_description(r.oid, 'pg_authid'),
                  'labels', array(select row(l.provider, l.label)::text from pg_shseclabel l
                                   where (l.classoid, l.objoid) = ('pg_authid'::regclass, r.oid) order by 1)) as attributes
      from pg_roles r
     where r.rolname !~ '^pg_' and (
           r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
           or exists (
               select from pg_shdepend d join pg_database here on here.datname = current_database()
                where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid
                  and ((d.dbid = here.oid or (d.classid = 'pg_database'::regclass and d.objid = here.oid))
                       or d.classid in ('pg_tablespace'::regclass, 'pg_parameter_acl'::regclass))))
)`

/** Privileges on objects of Postgres that are not those from the beginning. */
function builtInPrivileges(
  catalog: string,
  list: string,
  [objectClass, object, sub]: [string, string, string],
): string {
  return `
    select 'privilege', i.identity, now.list::text
      from pg_catalog.${catalog} t
      left join pg_init_privs f on (f.classoid, f.objoid, f.objsubid) = ('${objectClass}'::regclass, ${object}, ${sub})
     cross join lateral (select ${privilegesOf(catalog, `t.${list}`)} as list, ${privilegesOf(catalog, 'f.initprivs')} as at_first) now
     cross join lateral pg_identify_object('${objectClass}'::regclass, ${object}, ${sub}) i
     where ${object} < 16384 and t.${list} is not null and now.list <> now.at_first`
}

const SHARED = `
    select 'role', rolname::text, attributes::text from roles
    union all
    select 'membership', concat_ws(' in ', member::regrole, roleid::regrole),
           string_agg(row(admin_option, inherit_option, set_option, grantor::regrole)::text, ',' order by grantor::regrole::text collate "C")
      from pg_auth_members where member in (select oid from roles) or roleid in (select oid from roles) group by member, roleid
    union all
    select 'setting', concat_ws(' ', case when s.setrole = 0 then 'everybody' else s.setrole::regrole::text end, case when s.setdatabase <> 0 then 'here' end, split_part(c, '=', 1)), c
      from pg_db_role_setting s cross join unnest(s.setconfig) c
     where s.setdatabase in (0, (select oid from pg_database where datname = current_database())) and (s.setrole = 0 or s.setrole in (select oid from roles))
    union all
    select 'parameter', parname, ${privilegesOf('pg_parameter_acl', 'paracl')}::text from pg_parameter_acl
    union all
    -- That of a subscription is named after its oid.
    select 'replication origin', roname, '' from pg_replication_origin where roname !~ '^pg_'
    union all
    select 'user mapping', concat_ws(' at ', quote_ident(usename), quote_ident(srvname)), '' from pg_user_mappings
    union all ${builtInPrivileges('pg_proc', 'proacl', ['pg_proc', 't.oid', '0'])}
    union all ${builtInPrivileges('pg_class', 'relacl', ['pg_class', 't.oid', '0'])}
    union all ${builtInPrivileges('pg_type', 'typacl', ['pg_type', 't.oid', '0'])}
    union all ${builtInPrivileges('pg_attribute', 'attacl', ['pg_class', 't.attrelid', 't.attnum'])}`

let query: Promise<string> | undefined

/** The query. Its text depends on the server's version alone, and a program works on one server. */
export function catalogQuery(ask: (query: string) => Promise<unknown[]>): Promise<string> {
  query ??= buildQuery(ask as Ask)
  return query
}

async function buildQuery(ask: Ask): Promise<string> {
  const { ours, builtIn } = await readParts(ask)
  return `
with parts as materialized (${ours}),${LEAVES},${ROLES},
objects (kind, identity, content) as (
    select i.type, case i.type when 'database' then 'current' else i.identity end, string_agg(p.content, e'\\n' order by p.content collate "C")
      from parts p cross join lateral pg_identify_object(p.classid, p.objid, p.subid) i
     where p.relation not in (select oid from leaves) and i.identity !~ '^pg_(temp|toast)'
     group by 1, 2
    union all
    select 'leaves', root::text, digest from usual_leaves
    union all
    select 'leaf', l.leaf::regclass::text, l.digest from leaf_digests l join usual_leaves u on u.root = l.root where l.digest <> u.digest
    union all
    select 'built-in', catalog, digest from (${builtIn}) b
    union all ${SHARED}
)
select kind, identity, md5(coalesce(content, '')) as digest from objects`
}
