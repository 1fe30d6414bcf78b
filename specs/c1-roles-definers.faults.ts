import { clusterSql, faults, inFunction, sql } from '../harness/setup.ts'

const definer = (owner: string, settings: string) => sql`
  create function auth.shortcut() returns bigint language sql security definer ${settings} as 'select count(*) from auth.users';
  alter function auth.shortcut() owner to ${owner};
  revoke execute on function auth.shortcut() from public`

export default faults({
  'C1.1.3': {
    'identify has no pinned search path': sql`alter function auth.identify(bytea, text) reset search_path`,
    'register has no pinned search path': sql`alter function auth.register(text, text, text, text) reset search_path`,
    'a trigger function of the audit has no pinned search path': sql`alter function audit.capture_update() reset search_path`,
    'the function that audits a table watched from now on has no pinned search path': inFunction(
      'audit.watch',
      ["        set search_path = ''\n        as $capture$", '        as $capture$'],
    ),
    'the function that audits a table watched from now on belongs to the owner of the schema': inFunction(
      'audit.watch',
      ["execute format('alter function %s owner to hma_audit_writer', capture);", ''],
    ),
    'after a table is watched the writer of the audit may create in its schema': inFunction('audit.watch', [
      'revoke create on schema audit from hma_audit_writer;',
      '',
    ]),
    'an event trigger function of the audit has no pinned search path': sql`alter function guard.record_ddl() reset search_path`,
    'a trigger function without its owner’s rights has no pinned search path': sql`alter function ops.stamp_times() reset search_path`,
    'a search path is pinned to a schema instead of an empty one': sql`alter function auth.start_session(text, bytea, text) set search_path = auth, public`,
    'a new definer function has no search path': definer('hma_auth_definer', ''),
    'a new definer function is not in the matrix': definer('hma_auth_definer', `set search_path = ''`),
    'a definer function belongs to the owner of the schema': sql`alter function auth.register(text, text, text, text) owner to hma_owner`,
    'a definer function belongs to a superuser': sql`alter function audit.capture_update() owner to current_user`,
    'a function runs with the rights of the owner of the schema': sql`alter function audit.seal() security definer`,
    'the owner of a definer function logs in': clusterSql(
      'alter role hma_auth_definer login',
      'alter role hma_auth_definer nologin',
    ),
    'the owner of a definer function is a member of another': clusterSql(
      'grant hma_audit_writer to hma_auth_definer',
      'revoke hma_audit_writer from hma_auth_definer',
    ),
    'the owner of a definer function creates in its schema': sql`grant create on schema auth to hma_auth_definer`,
    'the owner of a definer function owns a table': sql`alter table auth.users owner to hma_auth_definer`,
    'one function belongs to the owner': sql`alter function auth.end_session(bytea) owner to hma_owner`,
    'one path has pg_temp first': sql`alter function auth.find_credentials(text) set search_path = pg_temp, auth`,
    'a definer owns a table': sql`grant create on schema ops to hma_auth_definer; create table ops.more (id int); alter table ops.more owner to hma_auth_definer; revoke create on schema ops from hma_auth_definer`,
  },
})
