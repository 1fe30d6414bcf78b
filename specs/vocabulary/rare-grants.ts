// Privileges on kinds of objects that the matrix does not list, because we have none: foreign wrappers and servers, large objects,
// tablespaces, settings. The kinds are all catalogs with a column of privileges.
import type { Session } from '../../harness/index.ts'

/** Catalogs whose privileges the matrix lists, or that hold no privilege in force. */
const LISTED = [
  'pg_attribute',
  'pg_class',
  'pg_database',
  'pg_default_acl',
  'pg_init_privs',
  'pg_language',
  'pg_namespace',
  'pg_proc',
  'pg_type',
]

/** Catalogs with a column of privileges, except those of the matrix, with the name of the column. */
export function rareCatalogs(db: Session): Promise<string[]> {
  return db.column(
    `select format('%s.%s', c.relname, a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid
      where a.atttypid = 'aclitem[]'::regtype and c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
      order by 1`,
    [LISTED],
  )
}

/** Who has a privilege there, as `pg_parameter_acl: SET for hma_auth_definer`; not superusers. */
export async function rareGrants(db: Session): Promise<string[]> {
  const queries = (await rareCatalogs(db)).map((name) => {
    const [catalog = '', column = ''] = name.split('.')
    return `select '${catalog}' as catalog, a.privilege_type, a.grantee from ${catalog}, aclexplode(${column}) a`
  })
  return db.column(
    `select format('%s: %s for %s', catalog, privilege_type, case grantee when 0 then 'PUBLIC' else grantee::regrole::text end)
       from (${queries.join(' union all ')}) g
      where not exists (select from pg_roles r where r.oid = g.grantee and r.rolsuper) order by 1`,
  )
}

/** What exists of these kinds, whoever may use it. */
export function rareObjects(db: Session): Promise<string[]> {
  return db.column(
    `select 'foreign data wrapper ' || fdwname from pg_foreign_data_wrapper union all select 'foreign server ' || srvname from pg_foreign_server
      union all select 'user mapping ' || oid from pg_user_mapping union all select 'large object ' || oid from pg_largeobject_metadata
      union all select 'tablespace ' || spcname from pg_tablespace where oid >= 16384
      union all select 'publication ' || pubname from pg_publication union all select 'subscription ' || subname from pg_subscription`,
  )
}

/** Roles that are neither Postgres's own nor the superuser. Of a cluster that no other test changes. */
export function rolesIn(db: Session): Promise<string[]> {
  return db.column('select rolname::text from pg_roles where oid >= 16384 and not rolsuper order by 1')
}

/** Every membership of these roles, as `hma_migrator in hma_owner: becomes`. */
export function membershipsIn(db: Session): Promise<string[]> {
  return db.column(
    `select format('%s in %s: %s', member::regrole, roleid::regrole, concat_ws(', ',
              case when inherit_option then 'inherits' end, case when set_option then 'becomes' end, case when admin_option then 'grants' end))
       from pg_auth_members where member >= 16384 order by 1`,
  )
}

const PATH = `with recursive path as (
         select roleid from pg_auth_members where member = $1::regrole
         union select m.roleid from path p join pg_auth_members m on m.member = p.roleid)`

/** Privileges on objects of Postgres itself of this role and those of which it is a member, but for those that initdb has granted. */
export function systemGrantsOf(db: Session, role: string): Promise<string[]> {
  return db.column(
    `${PATH},
     held as (
         select 'pg_proc'::regclass as classoid, oid as objoid, 0 as objsubid, proacl as acl from pg_proc
         union all select 'pg_class'::regclass, oid, 0, relacl from pg_class
         union all select 'pg_class'::regclass, attrelid, attnum, attacl from pg_attribute)
     select format('%s on %s for %s', a.privilege_type, pg_describe_object(h.classoid, h.objoid, h.objsubid), a.grantee::regrole)
       from held h, aclexplode(h.acl) a
      where h.objoid < 16384 and (a.grantee = $1::regrole or a.grantee in (select roleid from path))
        and not exists (
            select from pg_init_privs i, aclexplode(i.initprivs) initial
             where (i.classoid, i.objoid, i.objsubid) = (h.classoid, h.objoid, h.objsubid)
               and (initial.grantee, initial.privilege_type) = (a.grantee, a.privilege_type))
      order by 1`,
    [role],
  )
}

/** Roles of which this role is a member by any path and with any option. */
export function membershipsOf(db: Session, role: string): Promise<string[]> {
  return db.column(
    `${PATH}
     select distinct roleid::regrole::text from path order by 1`,
    [role],
  )
}
